using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.ControlFlow;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

/// <summary>A stack of layers as a loop over lifted parameters.</summary>
internal sealed class LayerStacking
{
    private const string Caller = "Hk.LayerStack";
    private readonly int count;
    private readonly int unroll;
    private readonly Hk.LayerStackTransparencyMapping? map;
    private readonly string name;

    public LayerStacking(int count, int unroll, Hk.LayerStackTransparencyMapping? map, string name)
    {
        if (count < 1)
        {
            throw new JaxArgumentException($"{Caller} needs 1 layer or more; got numLayers {count}.");
        }

        this.count = count;
        this.unroll = unroll;
        this.map = map;
        this.name = name;
    }

    public (T X, TZ Zs) Run<T, TY, TZ>(Func<T, TY, bool, (T X, TZ Z)> layer, T x, TY ys, bool reverse)
    {
        var context = HaikuContext.RequireAccess(Caller);
        CheckLength(ys);
        var initKey = context.Rng?.Next();
        var lifting = map is null
            ? Lifting.Named(Caller, name, allowReuse: true, isClosed: true)
            : Lifting.Transparent(Caller, allowReuse: true);
        var (parameters, state) = lifting.Run(() => Init(layer, x, ys, initKey));
        var keys = context.Rng?.Next() is { } key ? JaxRandom.Split(key, count) : null;
        if (map is not null)
        {
            parameters = Stack<Hk.Params, NDArray>(parameters);
            state = Stack<Hk.State, object>(state);
        }

        var (result, (zs, states)) = LoopFunctions.Scan<T, Layer<TY>, (TZ, Hk.State)>(
            (c, inputs) =>
            {
                var ((next, z), after) = lifting.Enclose(() =>
                    FunctionRun.Apply(inputs.Params, inputs.State, inputs.Key, () => layer(c, inputs.Ys, reverse))
                );
                return (next, (z, after));
            },
            x,
            new Layer<TY>(parameters, state, keys, ys),
            count,
            reverse,
            unroll,
            Caller
        );
        lifting.Updater().Update(map is null ? states : Split<Hk.State, object>(states));
        return (result, zs);
    }

    private (Hk.Params, Hk.State) Init<T, TY, TZ>(Func<T, TY, bool, (T X, TZ Z)> layer, T x, TY ys, PrngKey? key)
    {
        var (_, (parameters, state)) = LoopFunctions.Scan<(T X, PrngKey? Key), TY, (Hk.Params, Hk.State)>(
            (carry, y) =>
            {
                var keys = carry.Key is null ? null : JaxRandom.Split(carry.Key, 3);
                var (made, kept) = FunctionRun.Init(keys?[0], () => layer(carry.X, y, false));
                var ((next, _), _) = FunctionRun.Apply(made, kept, keys?[2], () => layer(carry.X, y, false));
                return ((next, keys?[1]), (made, kept));
            },
            (x, key),
            ys,
            count,
            reverse: false,
            unroll: 1,
            Caller
        );
        return map is null
            ? (parameters, state)
            : (Split<Hk.Params, NDArray>(parameters), Split<Hk.State, object>(state));
    }

    private void CheckLength<TY>(TY ys)
    {
        if (Tree.Leaves(ys).FirstOrDefault(y => y.Ndim == 0 || y.Shape[0] != count) is { } wrong)
        {
            throw new ShapeException(
                $"{Caller} of {count} layers takes inputs with an axis 0 of size {count}, one slice for each layer; got {wrong.Type}."
            );
        }
    }

    /// <summary>Values of all layers as values of each, under the names of the map.</summary>
    private TBundle Split<TBundle, T>(TBundle stacked)
        where TBundle : IDictionary<string, OrderedDictionary<string, T>>, new()
    {
        var result = new TBundle();
        foreach (var (path, group) in stacked)
        {
            for (int i = 0; i < count; i++)
            {
                string flat = map!.StackedToFlat(path, i);
                if (
                    !result.TryAdd(
                        flat,
                        new(group.Select(entry => KeyValuePair.Create(entry.Key, Tree.Map(x => x[i], entry.Value))))
                    )
                )
                {
                    throw new ModuleException(
                        $"{Caller}: the transparency map gives the path '{flat}' to two modules, the second being layer {i} of '{path}'."
                    );
                }
            }
        }

        return result;
    }

    /// <summary>The inverse; what the map does not know is not of the stack.</summary>
    private TBundle Stack<TBundle, T>(TBundle flat)
        where TBundle : IDictionary<string, OrderedDictionary<string, T>>, new()
    {
        var layers = Enumerable.Range(0, count).Select(_ => new TBundle()).ToArray();
        foreach (var (path, group) in flat)
        {
            if (map!.FlatToStacked(path) is var (stacked, i))
            {
                if (i < 0 || i >= count || !layers[i].TryAdd(stacked, new(group)))
                {
                    throw new ModuleException(
                        $"{Caller}: the transparency map gives '{path}' the place '{stacked}' in layer {i}, which is taken or is not among "
                            + $"the {count} layers."
                    );
                }
            }
        }

        return Tree.Map<TBundle>((NDArray[] values) => Jnp.Stack(values), layers);
    }

    private sealed record Layer<TY>(Hk.Params Params, Hk.State State, PrngKey? Key, TY Ys);
}
