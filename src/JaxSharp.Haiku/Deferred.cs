using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A module that is made at its first call, but stands where this object was made. For modules whose arguments are known only from
    /// the inputs.
    /// </summary>
    /// <example><code>
    /// public sealed class Doubler() : hk.Module&lt;NDArray, NDArray&gt;
    /// {
    ///     private readonly hk.Deferred&lt;hk.Linear&gt; head = new(() => new hk.Linear(2)); // doubler/~/linear
    ///
    ///     protected override NDArray Forward(NDArray x) => head.Target.Call(x);
    /// }
    /// </code></example>
    public sealed class Deferred<TModule> : IScopeMember
        where TModule : Module
    {
        private readonly Func<TModule> factory;
        private readonly Registration registration;
        private TModule? target;

        /// <summary>Stands for the module that a function will make.</summary>
        public Deferred(Func<TModule> factory)
        {
            ArgumentNullException.ThrowIfNull(factory);
            this.factory = factory;
            registration = HaikuContext.Require("new Deferred").Register(this, name: null);
        }

        Registration IScopeMember.Registration => registration;

        /// <summary>The module; made now if it was not before.</summary>
        public TModule Target
        {
            get
            {
                if (target is null)
                {
                    var context = HaikuContext.Require("Deferred.Target");
                    target = registration.Home.IsRoot ? Make() : MakeIn(context);
                }

                return target;
            }
        }

        // As in Haiku, names count on from those of the method that calls, and one that belongs to no module stands in that method.
        private TModule MakeIn(HaikuContext context)
        {
            using var scope = context.Enter(context.Scope.At(registration.Home));
            return Make();
        }

        private TModule Make()
        {
            var module = factory();
            _ = module.ModuleName;
            return module;
        }
    }
}
