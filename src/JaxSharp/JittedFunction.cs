using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using JaxSharp.ControlFlow;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using JaxSharp.Trees;

namespace JaxSharp;

/// <summary>
/// A function that is traced once per structure and types of its arguments, and its compiled programs. The delegate that
/// <c>Jit</c> returns has this as its target.
/// </summary>
internal abstract class JittedFunction(Delegate function, JitOptions options)
{
    private const int MaxReasons = 100;

    // Beyond this many programs all are forgotten: calls with ever new shapes must not fill the memory.
    private const int Capacity = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<int, List<Entry>> entries = [];
    private readonly List<string> reasons = [];
    private Entry? last;
    private int count;
    private long hits;
    private long misses;

    public string Name { get; } = FunctionName.Of(function);

    protected JitOptions Options { get; } = options;

    public JitInfo Info
    {
        get
        {
            lock (gate)
            {
                return new JitInfo(Name, hits, misses, [.. reasons]);
            }
        }
    }

    /// <summary>Runs on the leaves of the arguments; the entry tells the structure of the results.</summary>
    protected NDArray[] Run(NDArray[] leaves, TreeDef structure, out TreeDef result)
    {
        var entry = last;
        if (entry is null || !entry.Matches(leaves, structure))
        {
            entry = Find(leaves, structure);
        }
        else
        {
            Interlocked.Increment(ref hits);
        }

        result = entry.Result;
        var operands = entry.Constants.Length > 0 ? [.. entry.Constants, .. leaves] : leaves;
        if (!ReferenceEquals(TraceContext.Current, EvalTrace.Instance) || !AllInMemory(operands))
        {
            return entry.Call.BindAll(operands);
        }

        var results = entry.Program.Run(operands);
        // An explanation runs several times on the same arguments.
        if (Options.DonateArgNums.Length > 0 && StepClock.Current is null)
        {
            Donate(leaves, structure, results);
        }

        return results;
    }

    // Arguments that the caller gives away return their memory, except where they are results themselves.
    private void Donate(NDArray[] leaves, TreeDef structure, NDArray[] results)
    {
        int first = 0;
        for (int argument = 0; argument < Options.Count; argument++)
        {
            int count = Options.Count == 1 ? leaves.Length : structure.Children[argument].NumLeaves;
            if (Array.IndexOf(Options.DonateArgNums, argument) >= 0)
            {
                foreach (var leaf in leaves.AsSpan(first, count))
                {
                    if (!results.Contains(leaf))
                    {
                        ((DeviceArray)leaf).Donate();
                    }
                }
            }

            first += count;
        }
    }

    /// <summary>The flat function of arguments of a structure; the second part gives the structure of its last result.</summary>
    protected abstract (Func<NDArray[], NDArray[]> Function, Func<TreeDef> Result) Flat(TreeDef structure);

    private static bool AllInMemory(NDArray[] leaves)
    {
        foreach (var leaf in leaves)
        {
            if (leaf is not DeviceArray)
            {
                return false;
            }
        }

        return true;
    }

    private Entry Find(NDArray[] leaves, TreeDef structure)
    {
        int key = Key(leaves);
        lock (gate)
        {
            if (Known(key, leaves, structure) is { } known)
            {
                Interlocked.Increment(ref hits);
                last = known;
                return known;
            }

            misses++;
            if (reasons.Count == MaxReasons)
            {
                reasons.RemoveAt(0);
            }

            reasons.Add(Reason(leaves, structure));
        }

        var entry = Trace(leaves, structure);
        if (entry.Constants.Any(c => c is Tracer))
        {
            // The function captured a value of an enclosing transformation, which will differ the next time.
            return entry;
        }

        lock (gate)
        {
            // Another thread may have been as far at the same time.
            if (Known(key, leaves, structure) is { } known)
            {
                return known;
            }

            if (count == Capacity)
            {
                entries.Clear();
                count = 0;
            }

            if (!entries.TryGetValue(key, out var list))
            {
                entries[key] = list = [];
            }

            list.Add(entry);
            count++;
            last = entry;
        }

        return entry;
    }

    private Entry? Known(int key, NDArray[] leaves, TreeDef structure) =>
        entries.GetValueOrDefault(key)?.Find(entry => entry.Matches(leaves, structure));

    // Entries for other settings share a key with those for equal types.
    private static int Key(NDArray[] leaves)
    {
        int key = leaves.Length;
        foreach (var leaf in leaves)
        {
            key = (key * 397) ^ leaf.Type.GetHashCode();
        }

        return key;
    }

    private Entry Trace(NDArray[] leaves, TreeDef structure)
    {
        var types = Array.ConvertAll(leaves, x => x.Type);
        var (flat, result) = Flat(structure);
        var (jaxpr, constants) = Staging.StageClosed(flat, types, Name);
        return new Entry(Name, structure, types, jaxpr, constants, result());
    }

    private string Reason(NDArray[] leaves, TreeDef structure)
    {
        if (last is not { } known)
        {
            return "first call";
        }

        if (known.Structure != structure)
        {
            return $"structure of the arguments: {known.Structure.Text()} → {structure.Text()}";
        }

        string[] names = FunctionName.Parameters(function);
        var changes = structure
            .Paths()
            .Select((path, i) => (Name: ArgumentName(path, names), Before: known.Types[i], After: leaves[i].Type))
            .Where(c => c.Before != c.After)
            .Select(c =>
                c.Before.SameAs(c.After)
                    ? $"argument {c.Name}: {c.Before} {Strength(c.Before)} → {Strength(c.After)}"
                    : $"argument {c.Name}: {c.Before} → {c.After}"
            )
            .ToArray();
        return changes.Length > 0
            ? string.Join("; ", changes)
            : "settings (64-bit types, random bits) or axis names in force changed";
    }

    private static string Strength(ArrayType type) => type.Weak ? "weakly typed" : "strongly typed";

    private static string ArgumentName(TreePath path, string[] names)
    {
        if (names.Length == 1)
        {
            return names[0] + path;
        }

        // The arguments are the items of a tuple: the first step of the path is [number].
        int number = int.Parse(path.Entries[0].AsSpan(1, path.Entries[0].Length - 2));
        return names[number] + string.Concat(path.Entries.Skip(1));
    }

    /// <summary>What was made for one structure and list of types.</summary>
    private sealed class Entry(
        string name,
        TreeDef structure,
        ArrayType[] types,
        Jaxpr jaxpr,
        NDArray[] constants,
        TreeDef result
    )
    {
        private readonly bool x64 = JaxConfig.EnableX64;
        private readonly bool legacyBits = JaxConfig.LegacyRandomBits;
        private readonly BatchAxis[] axes = TraceContext.NamedAxes;
        private Program? program;

        public TreeDef Structure { get; } = structure;

        public ArrayType[] Types { get; } = types;

        public NDArray[] Constants { get; } = constants;

        public TreeDef Result { get; } = result;

        public JitCall Call { get; } = new(name, jaxpr);

        public Program Program => program ??= ProgramCompiler.Compile(jaxpr);

        public bool Matches(NDArray[] leaves, TreeDef structure)
        {
            if (
                leaves.Length != Types.Length
                || x64 != JaxConfig.EnableX64
                || legacyBits != JaxConfig.LegacyRandomBits
                || !TraceContext.NamedAxesAre(axes)
                || !(ReferenceEquals(structure, Structure) || structure.Equals(Structure))
            )
            {
                return false;
            }

            for (int i = 0; i < leaves.Length; i++)
            {
                var type = leaves[i].Type;
                if (!ReferenceEquals(type, Types[i]) && !type.Equals(Types[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>What the caller of <c>Jit</c> asked for.</summary>
/// <param name="DonateArgNums">The arguments whose memory may be reused.</param>
/// <param name="Count">The number of arguments.</param>
internal sealed record JitOptions(int[] DonateArgNums, int Count);

/// <summary>A compiled function of arrays with one array as its result: no trees on the way.</summary>
internal sealed class JittedArrayFunction : JittedFunction
{
    private readonly Func<NDArray[], NDArray> function;
    private readonly TreeDef structure;

    public JittedArrayFunction(Delegate named, Func<NDArray[], NDArray> function, int count, JitOptions options)
        : base(named, options)
    {
        this.function = function;
        structure =
            count == 1
                ? TreeDef.Leaf
                : new TreeDef(TreeNodeKind.Tuple, null, null, [.. Enumerable.Repeat(TreeDef.Leaf, count)]);
    }

    public NDArray Call(NDArray x) => Apply([x]);

    public NDArray Call(NDArray x1, NDArray x2) => Apply([x1, x2]);

    public NDArray Call(NDArray x1, NDArray x2, NDArray x3) => Apply([x1, x2, x3]);

    public NDArray Call(NDArray x1, NDArray x2, NDArray x3, NDArray x4) => Apply([x1, x2, x3, x4]);

    public NDArray Call(NDArray x1, NDArray x2, NDArray x3, NDArray x4, NDArray x5) => Apply([x1, x2, x3, x4, x5]);

    public NDArray Call(NDArray x1, NDArray x2, NDArray x3, NDArray x4, NDArray x5, NDArray x6) =>
        Apply([x1, x2, x3, x4, x5, x6]);

    protected override (Func<NDArray[], NDArray[]> Function, Func<TreeDef> Result) Flat(TreeDef structure) =>
        ReferenceEquals(structure, this.structure)
            ? (xs => [function(xs)], () => TreeDef.Leaf)
            : (xs => [function(Spread(structure, xs))], () => TreeDef.Leaf);

    private NDArray Apply(NDArray?[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is null)
            {
                return ApplyToPresent(arguments);
            }
        }

        return Run(arguments!, structure, out _)[0];
    }

    // A missing argument is a tree without leaves: the function is compiled for its absence.
    private NDArray ApplyToPresent(NDArray?[] arguments)
    {
        var nodes = Array.ConvertAll(arguments, x => x is null ? TreeDef.None : TreeDef.Leaf);
        var present = nodes.Length == 1 ? nodes[0] : new TreeDef(TreeNodeKind.Tuple, null, null, nodes);
        return Run([.. arguments.OfType<NDArray>()], present, out _)[0];
    }

    private static NDArray[] Spread(TreeDef structure, NDArray[] leaves)
    {
        TreeDef[] nodes = structure.Kind == TreeNodeKind.Tuple ? structure.Nodes : [structure];
        int next = 0;
        return Array.ConvertAll(nodes, node => node.Kind == TreeNodeKind.Leaf ? leaves[next++] : null!);
    }
}

/// <summary>A compiled function of trees; several arguments are a tuple.</summary>
internal sealed class JittedTreeFunction<TArguments, TResult>(
    Delegate named,
    Func<TArguments, TResult> function,
    JitOptions options
) : JittedFunction(named, options)
{
    public TResult Call(TArguments arguments)
    {
        var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
        var outputs = Run(leaves, structure, out var result);
        return TreeFunction<TResult, TResult>.Unflatten(result, outputs);
    }

    protected override (Func<NDArray[], NDArray[]> Function, Func<TreeDef> Result) Flat(TreeDef structure)
    {
        var flat = new TreeFunction<TArguments, TResult>(function);
        return (flat.OnLeaves(structure), () => flat.Result);
    }
}

/// <summary>Calls of compiled functions with several arguments.</summary>
internal static class JittedCalls
{
    public static TResult Call<T1, T2, TResult>(this JittedTreeFunction<(T1, T2), TResult> f, T1 x1, T2 x2) =>
        f.Call((x1, x2));

    public static TResult Call<T1, T2, T3, TResult>(
        this JittedTreeFunction<(T1, T2, T3), TResult> f,
        T1 x1,
        T2 x2,
        T3 x3
    ) => f.Call((x1, x2, x3));

    public static TResult Call<T1, T2, T3, T4, TResult>(
        this JittedTreeFunction<(T1, T2, T3, T4), TResult> f,
        T1 x1,
        T2 x2,
        T3 x3,
        T4 x4
    ) => f.Call((x1, x2, x3, x4));

    public static TResult Call<T1, T2, T3, T4, T5, TResult>(
        this JittedTreeFunction<(T1, T2, T3, T4, T5), TResult> f,
        T1 x1,
        T2 x2,
        T3 x3,
        T4 x4,
        T5 x5
    ) => f.Call((x1, x2, x3, x4, x5));

    public static TResult Call<T1, T2, T3, T4, T5, T6, TResult>(
        this JittedTreeFunction<(T1, T2, T3, T4, T5, T6), TResult> f,
        T1 x1,
        T2 x2,
        T3 x3,
        T4 x4,
        T5 x5,
        T6 x6
    ) => f.Call((x1, x2, x3, x4, x5, x6));
}
