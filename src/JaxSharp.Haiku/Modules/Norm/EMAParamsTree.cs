using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Keeps an <see cref="ExponentialMovingAverage"/> of each of a network's parameters. Call it in a transformed function of its own after
    /// each step, and evaluate the network with what it returns.
    /// </summary>
    /// <example><code>
    /// var average = hk.TransformWithState((hk.Params parameters) => new hk.EMAParamsTree(0.99).Call(parameters));
    /// </code></example>
    /// <param name="decay">How much of the average stays at each call.</param>
    /// <param name="zeroDebias">Whether the averages are freed from their start at zero.</param>
    /// <param name="warmupLength">So many first calls set the averages to their values. Needs <paramref name="zeroDebias"/> off.</param>
    /// <param name="ignoreRegex">Parameters whose path begins with a match, as in <c>".*/b"</c>, are given back as they are.</param>
    /// <param name="name">The name of the module.</param>
    public class EMAParamsTree(
        double decay,
        bool zeroDebias = true,
        int warmupLength = 0,
        string ignoreRegex = "",
        ScopeName? name = null
    ) : Module<Params, Params>(name)
    {
        /// <summary>How much of the average stays at each call.</summary>
        public double Decay { get; } = decay;

        /// <summary>Whether the averages are freed from their start at zero.</summary>
        public bool ZeroDebias { get; } = zeroDebias;

        /// <summary>How many first calls set the averages to their values.</summary>
        public int WarmupLength { get; } = warmupLength;

        /// <summary>Parameters whose path begins with a match are given back as they are.</summary>
        public string IgnoreRegex { get; } = ignoreRegex;

        /// <summary>The averages with other values.</summary>
        /// <param name="tree">Parameters.</param>
        /// <param name="updateStats">Whether they go into the state.</param>
        public Params Call(Params tree, bool updateStats) =>
            Method((tree, updateStats), a => Average(a.tree, a.updateStats));

        /// <inheritdoc/>
        protected override Params Forward(Params inputs) => Average(inputs, true);

        private Params Average(Params tree, bool updateStats) =>
            ParamsTreeMap.Map(
                tree,
                IgnoreRegex,
                (path, value) =>
                {
                    string own = path.Replace("/", "__", StringComparison.Ordinal)
                        .Replace("~", "_tilde_", StringComparison.Ordinal);
                    return new ExponentialMovingAverage(Decay, ZeroDebias, WarmupLength, own).Call(value, updateStats);
                }
            );
    }
}
