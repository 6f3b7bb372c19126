namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Takes the new state of a function lifted by <c>LiftWithState</c>. Exactly one of its methods must be called, once, before
    /// the outer function returns.
    /// </summary>
    public sealed class LiftWithStateUpdater
    {
        private readonly HaikuContext context;
        private readonly string prefix;
        private bool isUsed;

        internal LiftWithStateUpdater(HaikuContext context, string prefix)
        {
            this.context = context;
            this.prefix = prefix;
            context.AtEnd(CheckUsed);
        }

        /// <summary>Sets the states of the outer function to the new ones of the inner function.</summary>
        /// <param name="state">What the inner <c>Apply</c> returned.</param>
        /// <exception cref="ModuleException">The updater was used before, or the outer function has returned.</exception>
        public void Update(State state)
        {
            System.ArgumentNullException.ThrowIfNull(state);
            Use(nameof(Update));
            foreach (var (path, group) in state)
            {
                foreach (var (name, value) in group)
                {
                    context.State.Set(prefix + path, name, value);
                }
            }
        }

        /// <summary>Says that the state stays as it is.</summary>
        /// <exception cref="ModuleException">The updater was used before, or the outer function has returned.</exception>
        public void IgnoreUpdate() => Use(nameof(IgnoreUpdate));

        private void Use(string method)
        {
            if (isUsed)
            {
                throw new ModuleException(
                    $"LiftWithStateUpdater.{method}: the updater was used before. Use it once: Hk.LiftWithState gives a new one each time."
                );
            }

            if (!ReferenceEquals(HaikuContext.RequireAccess($"LiftWithStateUpdater.{method}"), context))
            {
                throw new ModuleException(
                    $"LiftWithStateUpdater.{method} must be called in the same Init or Apply that made the updater by Hk.LiftWithState."
                );
            }

            isUsed = true;
        }

        private void CheckUsed()
        {
            if (!isUsed)
            {
                throw new ModuleException(
                    "A LiftWithStateUpdater, which Hk.LiftWithState gives beside the lifted function, was not used. Call Update with the "
                        + "state that the inner Apply returned, or IgnoreUpdate, before the outer function returns."
                );
            }
        }
    }
}
