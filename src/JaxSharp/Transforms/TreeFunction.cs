using System;
using System.Collections.Generic;
using JaxSharp.Trees;

namespace JaxSharp.Transforms;

/// <summary>A function of a tree seen as a function of lists of arrays, which is what transformations work on.</summary>
internal sealed class TreeFunction<TArgument, TResult>(Func<TArgument, TResult> function)
{
    private TreeDef? result;

    /// <summary>The structure of the result; known once the function has run.</summary>
    public TreeDef Result =>
        result ?? throw new InternalException("The structure of a result was asked for before the function ran.");

    /// <summary>Takes an argument apart.</summary>
    public static NDArray[] Flatten(TArgument argument, out TreeDef structure)
    {
        var leaves = new LeafList(staticNumbers: true);
        structure = TreeCodec<TArgument>.Instance.Flatten(argument, leaves);
        return leaves.ToArray();
    }

    /// <summary>Takes auxiliary results apart; C# numbers in them stay as they are.</summary>
    public static NDArray[] FlattenAux(TArgument aux, out TreeDef structure)
    {
        var leaves = new LeafList(staticNumbers: true, keepNumbers: true);
        structure = TreeCodec<TArgument>.Instance.Flatten(aux, leaves);
        return leaves.ToArray();
    }

    /// <summary>Puts an argument together.</summary>
    public static TArgument Unflatten(TreeDef structure, IReadOnlyList<NDArray> leaves) =>
        TreeCodec<TArgument>.Instance.Unflatten(structure, new LeafReader(leaves));

    /// <summary>The same tree with a function applied to its leaves.</summary>
    public static TArgument Map(TArgument argument, Converter<NDArray, NDArray> function)
    {
        var leaves = Flatten(argument, out var structure);
        return Unflatten(structure, Array.ConvertAll(leaves, function));
    }

    /// <summary>The function of the leaves of an argument of the given structure.</summary>
    public Func<NDArray[], NDArray[]> OnLeaves(TreeDef structure) =>
        leaves => TreeFunction<TResult, TResult>.Flatten(function(Unflatten(structure, leaves)), out result);

    /// <summary>Puts a result together.</summary>
    public TResult Restore(IReadOnlyList<NDArray> leaves) => TreeFunction<TResult, TResult>.Unflatten(Result, leaves);
}
