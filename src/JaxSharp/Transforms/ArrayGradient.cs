using System;
using System.Linq;
using JaxSharp.Trees;

namespace JaxSharp.Transforms;

/// <summary>The gradient of a function of arrays by some of its arguments, with auxiliary results.</summary>
internal sealed class ArrayGradient<TAux>
{
    private readonly Func<NDArray[], (NDArray Value, TAux Aux)> function;
    private readonly int[] argNums;
    private readonly bool[] active;
    private readonly int[] places;
    private readonly GradientOptions options;

    /// <summary>Checks the argument numbers; negative ones count from the end.</summary>
    public ArrayGradient(
        Func<NDArray[], (NDArray Value, TAux Aux)> function,
        int count,
        int[] argNums,
        GradientOptions options
    )
    {
        this.function = function;
        this.options = options;
        this.argNums = ArgumentNumbers.Normalize(options.Caller, options.Function, argNums, count);
        active = new bool[count];
        foreach (int number in this.argNums)
        {
            active[number] = true;
        }

        // The gradients come in the order of the arguments.
        places = new int[this.argNums.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = active.AsSpan(0, this.argNums[i]).Count(true);
        }
    }

    /// <summary>The value, the auxiliary results and the gradients in the order of the argument numbers.</summary>
    public ((NDArray Value, TAux Aux) Result, NDArray[] Gradients) Run(params NDArray[] arguments)
    {
        TreeDef? auxStructure = null;
        var (outputs, gradients) = Gradients.ValueAndGrad(
            xs =>
            {
                var (value, aux) = function(xs);
                var leaves = TreeFunction<TAux, TAux>.FlattenAux(aux, out auxStructure);
                return [options.Returned(value), .. leaves];
            },
            arguments,
            active,
            options
        );
        var result = (outputs[0], TreeCodec<TAux>.Instance.Unflatten(auxStructure!, new LeafReader(outputs[1..])));
        return (result, Array.ConvertAll(places, place => gradients[place]));
    }
}

/// <summary>The gradient of a function of one tree, with auxiliary results.</summary>
internal static class TreeGradient
{
    public static ((NDArray Value, TAux Aux) Result, T Gradient) Run<T, TAux>(
        Func<T, (NDArray Value, TAux Aux)> function,
        T argument,
        GradientOptions options
    )
    {
        var leaves = TreeFunction<T, T>.Flatten(argument, out var structure);
        bool[] active = [.. leaves.Select(_ => true)];
        TreeDef? auxStructure = null;
        var (outputs, gradients) = Gradients.ValueAndGrad(
            xs =>
            {
                var (value, aux) = function(TreeFunction<T, T>.Unflatten(structure, xs));
                var auxLeaves = TreeFunction<TAux, TAux>.FlattenAux(aux, out auxStructure);
                return [options.Returned(value), .. auxLeaves];
            },
            leaves,
            active,
            options
        );
        return (
            (outputs[0], TreeFunction<TAux, TAux>.Unflatten(auxStructure!, outputs[1..])),
            TreeFunction<T, T>.Unflatten(structure, gradients)
        );
    }
}

/// <summary>Positions of arguments.</summary>
internal static class ArgumentNumbers
{
    public static int[] Of((int, int) argNums) => [argNums.Item1, argNums.Item2];

    public static int[] Of((int, int, int) argNums) => [argNums.Item1, argNums.Item2, argNums.Item3];

    /// <summary>Counts negative numbers from the end and refuses those out of range.</summary>
    public static int[] Normalize(string caller, string function, int[] argNums, int count) =>
        Array.ConvertAll(
            Argument.Given(argNums, caller: caller),
            number =>
                number >= -count && number < count
                    ? number < 0
                        ? number + count
                        : number
                    : throw new JaxArgumentException(
                        $"{caller} of {function} got the argument number {number}; the function has {count} "
                            + $"argument{(count == 1 ? "" : "s")}: give a number from {-count} to {count - 1}."
                    )
        );
}
