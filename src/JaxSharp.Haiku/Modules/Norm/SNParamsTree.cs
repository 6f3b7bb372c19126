using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Normalises each matrix of a network's parameters by a <see cref="SpectralNorm"/> of its own. Call it in a transformed function of its
    /// own with what the network's <c>Init</c> returned.
    /// </summary>
    /// <param name="eps">Added to squares of lengths that are divided by.</param>
    /// <param name="nSteps">The number of power iterations at each call.</param>
    /// <param name="ignoreRegex">Parameters whose path begins with a match, as in <c>".*/b"</c>, stay as they are.</param>
    /// <param name="name">The name of the module.</param>
    public class SNParamsTree(double eps = 1e-4, int nSteps = 1, string ignoreRegex = "", ScopeName? name = null)
        : Module<Params, Params>(name)
    {
        /// <summary>Added to squares of lengths that are divided by.</summary>
        public double Eps { get; } = eps;

        /// <summary>The number of power iterations at each call.</summary>
        public int NSteps { get; } = nSteps;

        /// <summary>Parameters whose path begins with a match stay as they are.</summary>
        public string IgnoreRegex { get; } = ignoreRegex;

        /// <summary>The normalised parameters.</summary>
        /// <param name="tree">Parameters.</param>
        /// <param name="updateStats">Whether the better estimates go into the state.</param>
        public Params Call(Params tree, bool updateStats) =>
            Method((tree, updateStats), a => Normalize(a.tree, a.updateStats));

        /// <inheritdoc/>
        protected override Params Forward(Params inputs) => Normalize(inputs, true);

        private Params Normalize(Params tree, bool updateStats) =>
            ParamsTreeMap.Map(
                tree,
                IgnoreRegex,
                (path, value) =>
                {
                    string own = path.Replace("/", "__", StringComparison.Ordinal)
                        .Replace("~", "_tilde", StringComparison.Ordinal);
                    return new SpectralNorm(Eps, NSteps, own).Call(value, updateStats);
                }
            );
    }
}
