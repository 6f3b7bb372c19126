using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

/// <summary>A call of a method of a module, in which equations were recorded.</summary>
/// <param name="Title">The path of the module, and the method if it is not <c>Call</c>.</param>
/// <param name="Parent">The call around this one; null for none.</param>
internal sealed record ModuleCall(string Title, ModuleCall? Parent)
{
    /// <summary>What is known of the module once the call has ended.</summary>
    public Hk.Experimental.ModuleDetails? Details { get; set; }
}

/// <summary>A program whose equations tell which call of a module they come from.</summary>
internal sealed class ModuleProgram
{
    private readonly Dictionary<Equation, ModuleCall> calls = new(ReferenceEqualityComparer.Instance);
    private ModuleCall? current;

    private ModuleProgram(string name)
    {
        Name = name;
        Jaxpr = null!;
        Arguments = [];
    }

    public string Name { get; }

    public Jaxpr Jaxpr { get; private set; }

    /// <summary>The paths of the inputs.</summary>
    public string[] Arguments { get; private set; }

    /// <summary>Stages a function; calls of methods of modules in it are noted.</summary>
    public static ModuleProgram Of<T, TOut>(Func<T, TOut> function, T argument)
    {
        var program = new ModuleProgram(FunctionName.Of(function));
        var leaves = TreeFunction<T, T>.Flatten(argument, out var structure);
        var flat = new TreeFunction<T, TOut>(function);
        using var scope = Hk.InterceptMethods(program.Note);
        (program.Jaxpr, _) = Staging.Stage(
            flat.OnLeaves(structure),
            Array.ConvertAll(leaves, leaf => leaf.Type),
            program.Name
        );
        program.Arguments = [.. structure.Paths().Select(path => $"args{path}")];
        return program;
    }

    /// <summary>The innermost call that an equation comes from; null if it comes from no module.</summary>
    public ModuleCall? CallOf(Equation equation) => calls.GetValueOrDefault(equation);

    private object? Note(Func<object?, object?> next, object? inputs, Hk.MethodContext context)
    {
        var outer = current;
        string method = context.MethodName == "Call" ? "" : $" ({Names.SnakeCase(context.MethodName)})";
        var call = new ModuleCall(context.Module.ModuleName + method, outer);
        var trace = TraceContext.Current as StagingTrace;
        int start = trace?.Equations.Count ?? 0;
        current = call;
        try
        {
            object? result = next(inputs);
            call.Details = Hk.Experimental.ModuleDetails.Of(context.Module, context.MethodName);
            return result;
        }
        finally
        {
            current = outer;
            for (int i = start; i < (trace?.Equations.Count ?? 0); i++)
            {
                // Those of inner calls are noted already.
                calls.TryAdd(trace!.Equations[i], call);
            }
        }
    }
}

/// <summary>Equations of a program, and the calls of modules among them, in the order in which they were recorded.</summary>
internal sealed class ProgramTree
{
    private ProgramTree(ModuleCall? call)
    {
        Call = call;
    }

    public ModuleCall? Call { get; }

    /// <summary>An <see cref="Equation"/> or a <see cref="ProgramTree"/> each.</summary>
    public List<object> Items { get; } = [];

    public static ProgramTree Of(ModuleProgram program, Jaxpr jaxpr)
    {
        var root = new ProgramTree(null);
        var known = new Dictionary<ModuleCall, ProgramTree>(ReferenceEqualityComparer.Instance);
        foreach (var equation in jaxpr.Equations)
        {
            Place(program.CallOf(equation)).Items.Add(equation);
        }

        return root;

        ProgramTree Place(ModuleCall? call)
        {
            if (call is null)
            {
                return root;
            }

            if (!known.TryGetValue(call, out var tree))
            {
                known[call] = tree = new ProgramTree(call);
                Place(call.Parent).Items.Add(tree);
            }

            return tree;
        }
    }
}
