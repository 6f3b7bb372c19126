using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>Functions of trees with custom derivative rules, and checkpointed ones.</summary>
internal static class CustomFunctions
{
    public static TResult Jvp<T, TResult>(
        string name,
        Func<T, TResult> function,
        Func<T, T, (TResult Primals, TResult Tangents)> rule,
        T argument,
        int[] nondifferentiable,
        int count
    )
    {
        var (jaxpr, operands, structure, result, constants) = Stage(name, function, argument, nondifferentiable, count);
        var call = new CustomJvpCall(
            name,
            jaxpr,
            (primals, tangents) =>
            {
                var (value, moved) = rule(
                    TreeFunction<T, T>.Unflatten(structure, primals[constants..]),
                    TreeFunction<T, T>.Unflatten(structure, tangents[constants..])
                );
                var outputs = TreeFunction<TResult, TResult>.Flatten(value, out var valueStructure);
                var outTangents = TreeFunction<TResult, TResult>.Flatten(moved, out var tangentStructure);
                Check(name, "jvp rule", "a value", result, valueStructure);
                Check(name, "jvp rule", "a tangent", result, tangentStructure);
                return (outputs, outTangents);
            }
        );
        return TreeFunction<TResult, TResult>.Unflatten(result, call.BindAll(operands));
    }

    public static TResult Vjp<T, TResult, TResiduals>(
        string name,
        Func<T, TResult> function,
        Func<T, (TResult Primals, TResiduals Residuals)> forward,
        Func<TResiduals, TResult, T> backward,
        T argument,
        int[] nondifferentiable,
        int count
    )
    {
        var (jaxpr, operands, structure, result, constants) = Stage(name, function, argument, nondifferentiable, count);
        TreeDef? kept = null;
        ArrayType[] types = [.. operands.Select(x => x.Type)];
        var rule = new VjpRule(Forward, Backward);
        return TreeFunction<TResult, TResult>.Unflatten(result, new CustomVjpCall(name, jaxpr, rule).BindAll(operands));

        (NDArray[], NDArray[]) Forward(NDArray[] arguments)
        {
            var (value, residuals) = forward(TreeFunction<T, T>.Unflatten(structure, arguments[constants..]));
            var outputs = TreeFunction<TResult, TResult>.Flatten(value, out var valueStructure);
            Check(name, "forward rule", "a value", result, valueStructure);
            return (outputs, TreeFunction<TResiduals, TResiduals>.Flatten(residuals, out kept));
        }

        NDArray?[] Backward(NDArray[] residuals, NDArray[] cotangents)
        {
            var pulled = backward(
                TreeFunction<TResiduals, TResiduals>.Unflatten(kept!, residuals),
                TreeFunction<TResult, TResult>.Unflatten(result, cotangents)
            );
            var leaves = new Queue<NDArray>(TreeFunction<T, T>.Flatten(pulled, out var pulledStructure));
            var spread = new List<NDArray?>(new NDArray?[constants]);
            Spread(name, structure, pulledStructure, leaves, spread);
            return [.. spread.Select((ct, i) => Cotangent(name, ct, types[i]))];
        }
    }

    public static TResult Checkpoint<T, TResult>(
        string name,
        Func<T, TResult> function,
        T argument,
        CheckpointPolicy? policy
    )
    {
        var leaves = TreeFunction<T, T>.Flatten(argument, out var structure);
        var flat = new TreeFunction<T, TResult>(function);
        var (jaxpr, constants) = Staging.StageClosed(
            flat.OnLeaves(structure),
            Array.ConvertAll(leaves, x => x.Type),
            name
        );
        var call = new Checkpoint(jaxpr, policy ?? CheckpointPolicy.NothingSaveable);
        return flat.Restore(call.BindAll([.. constants, .. leaves]));
    }

    public static T StopGradient<T>(T tree) => TreeFunction<T, T>.Map(tree, x => new StopGradient().Bind(x));

    private static (Jaxpr, NDArray[] Operands, TreeDef Structure, TreeDef Result, int Constants) Stage<T, TResult>(
        string name,
        Func<T, TResult> function,
        T argument,
        int[] nondifferentiable,
        int count
    )
    {
        var leaves = TreeFunction<T, T>.Flatten(argument, out var structure);
        Stop(leaves, structure, ArgumentNumbers.Normalize("A custom rule", name, nondifferentiable, count), count);
        var flat = new TreeFunction<T, TResult>(function);
        var (jaxpr, constants) = Staging.StageClosed(
            flat.OnLeaves(structure),
            Array.ConvertAll(leaves, x => x.Type),
            name
        );
        return (jaxpr, [.. constants, .. leaves], structure, flat.Result, constants.Length);
    }

    private static void Stop(NDArray[] leaves, TreeDef structure, int[] numbers, int count)
    {
        TreeDef[] arguments = count == 1 ? [structure] : structure.Nodes;
        for (int i = 0, next = 0; i < arguments.Length; next += arguments[i].NumLeaves, i++)
        {
            for (int k = next; numbers.Contains(i) && k < next + arguments[i].NumLeaves; k++)
            {
                leaves[k] = new StopGradient().Bind(leaves[k]);
            }
        }
    }

    private static void Check(string name, string rule, string what, TreeDef expected, TreeDef given)
    {
        if (given != expected)
        {
            throw new TreeException(
                $"The {rule} of {name} must return {what} of the structure of the result, {expected}; got {given}."
            );
        }
    }

    // Null in the place of a subtree stands for zeros.
    private static void Spread(
        string name,
        TreeDef structure,
        TreeDef given,
        Queue<NDArray> leaves,
        List<NDArray?> result
    )
    {
        if (given.Kind == TreeNodeKind.None)
        {
            result.AddRange(new NDArray?[structure.NumLeaves]);
        }
        else if (structure.Kind == TreeNodeKind.Leaf && given.Kind == TreeNodeKind.Leaf)
        {
            result.Add(leaves.Dequeue());
        }
        else if (structure.Kind == TreeNodeKind.Static)
        {
            return;
        }
        else if (structure.Kind == given.Kind && structure.Nodes.Length == given.Nodes.Length)
        {
            for (int i = 0; i < structure.Nodes.Length; i++)
            {
                Spread(name, structure.Nodes[i], given.Nodes[i], leaves, result);
            }
        }
        else
        {
            throw new TreeException(
                $"The backward rule of {name} must return cotangents of the structure of the arguments, {structure}; got {given}."
            );
        }
    }

    private static NDArray? Cotangent(string name, NDArray? cotangent, ArrayType type)
    {
        if (cotangent is null || !type.DType.IsInexact)
        {
            return null;
        }

        if (cotangent.WeakType && cotangent.Shape == type.Shape)
        {
            return Gradients.Conform(cotangent, type);
        }

        return cotangent.Type.SameAs(type)
            ? cotangent
            : throw new DifferentiationException(
                $"The backward rule of {name} must return cotangents of the types of the arguments; got {cotangent.Type} for {type}."
            );
    }
}
