using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A sequence of random keys from one key. Keys are split off in blocks; how many at a time decides which keys come out.
    /// </summary>
    /// <example><code>
    /// var keys = new hk.PRNGSequence(42);
    /// JaxRandom.KeyData(keys.Next()); // => [  64467757 2916123636]
    /// </code></example>
    public sealed class PRNGSequence
    {
        private readonly Queue<PrngKey> queue = new();
        private PrngKey key;

        /// <summary>Starts from a seed, a key, or the state of another sequence.</summary>
        /// <exception cref="ShapeException">There are several keys.</exception>
        public PRNGSequence(Rng keyOrSeed)
        {
            System.ArgumentNullException.ThrowIfNull(keyOrSeed);
            if (keyOrSeed.Key.Shape.Rank != 0)
            {
                throw new ShapeException(
                    $"A function, or a PRNGSequence, starts from a single random key; got keys of shape {keyOrSeed.Key.Shape}. For one run "
                        + "with each of them use Vmap."
                );
            }

            key = keyOrSeed.Key;
            Enqueue(keyOrSeed.Queue);
        }

        /// <summary>The state: a sequence that starts from it goes on as this one would.</summary>
        public Rng InternalState => new(key, queue.Count == 0 ? null : PrngKey.Stack([.. queue]));

        /// <summary>The next key.</summary>
        public PrngKey Next()
        {
            if (queue.Count == 0)
            {
                Reserve(Config.RngReserveSize);
            }

            return queue.Dequeue();
        }

        /// <summary>The next keys: one split makes those that are missing.</summary>
        /// <exception cref="JaxArgumentException">The number is negative.</exception>
        public PrngKey[] Take(int num)
        {
            CheckCount(num, nameof(Take));
            if (num > queue.Count)
            {
                Reserve(num - queue.Count);
            }

            return [.. Enumerable.Range(0, num).Select(_ => queue.Dequeue())];
        }

        /// <summary>Splits off keys for later.</summary>
        /// <exception cref="JaxArgumentException">The number is negative.</exception>
        public void Reserve(int num)
        {
            CheckCount(num, nameof(Reserve));
            if (num > 0)
            {
                var keys = JaxRandom.Split(key, num + 1);
                key = keys[0];
                Enqueue(keys[1..]);
            }
        }

        /// <summary>Has as many keys split off as one split makes, so that loops carry the same number from step to step.</summary>
        internal void ReserveUpToFull()
        {
            Reserve(System.Math.Max(0, Config.RngReserveSize - queue.Count));
            PrngKey[] kept = [.. queue.Take(Config.RngReserveSize)];
            queue.Clear();
            foreach (var key in kept)
            {
                queue.Enqueue(key);
            }
        }

        private void Enqueue(PrngKey? keys)
        {
            for (int i = 0; i < (keys?.Shape[0] ?? 0); i++)
            {
                queue.Enqueue(keys![i]);
            }
        }

        private static void CheckCount(int num, string caller)
        {
            if (num < 0)
            {
                throw new JaxArgumentException(
                    $"PRNGSequence.{caller} needs a number of keys of 0 or more; got {num}."
                );
            }
        }
    }

    // How many keys NextRngKey has given on this thread.
    [System.ThreadStatic]
    private static int keysTaken;

    /// <summary>The next random key of the running function.</summary>
    /// <exception cref="MissingRNGException"><c>Init</c> or <c>Apply</c> got no key.</exception>
    public static PrngKey NextRngKey()
    {
        var key = RequireRng(nameof(NextRngKey)).Next();
        keysTaken++;
        return key;
    }

    /// <summary>The next random keys of the running function, as an array of keys. Other keys than those of single calls.</summary>
    /// <exception cref="MissingRNGException"><c>Init</c> or <c>Apply</c> got no key.</exception>
    public static PrngKey NextRngKeys(int num) => PrngKey.Stack(RequireRng(nameof(NextRngKeys)).Take(num));

    /// <summary>The next random key, or null if <c>Init</c> or <c>Apply</c> got none.</summary>
    public static PrngKey? MaybeNextRngKey() =>
        HaikuContext.Require("Hk.MaybeNextRngKey").Rng is null
            ? null
            : HaikuContext.RequireAccess("Hk.MaybeNextRngKey").Rng!.Next();

    /// <summary>Splits keys off for later calls of <see cref="NextRngKey"/>.</summary>
    /// <exception cref="MissingRNGException"><c>Init</c> or <c>Apply</c> got no key.</exception>
    public static void ReserveRngKeys(int num) => RequireRng(nameof(ReserveRngKeys)).Reserve(num);

    /// <summary>The state of the random keys of the running function; null if there are none.</summary>
    public static Rng? MaybeGetRngSequenceState() =>
        HaikuContext.Require("Hk.MaybeGetRngSequenceState").Rng?.InternalState;

    /// <summary>Replaces the state of the random keys of the running function.</summary>
    /// <exception cref="MissingRNGException"><c>Init</c> or <c>Apply</c> got no key.</exception>
    public static void ReplaceRngSequenceState(Rng state)
    {
        RequireRng(nameof(ReplaceRngSequenceState));
        HaikuContext.Current!.Rng = new PRNGSequence(state);
    }

    /// <summary>Takes random keys from another key until the returned scope is disposed.</summary>
    /// <example><code>
    /// using (hk.WithRng(key))
    /// {
    ///     JaxRandom.Normal(hk.NextRngKey(), 3);
    /// }
    /// </code></example>
    /// <exception cref="ModuleException">
    /// Thrown where the running method or function ends, if the scope is still open, and by disposing scopes in another order.
    /// </exception>
    public static System.IDisposable WithRng(Rng key) =>
        HaikuContext.RequireAccess("Hk.WithRng").OpenRng(new PRNGSequence(key));

    private static PRNGSequence RequireRng(string caller) =>
        HaikuContext.RequireAccess($"Hk.{caller}").Rng
        ?? throw new MissingRNGException(
            $"Hk.{caller} needs a random key, but Init or Apply got null for rng. Pass a key or a seed: network.Apply(parameters, key, x)."
        );
}
