using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>Compiles a program: puts calls in place, groups equations into kernels, places temporaries, makes the steps.</summary>
internal sealed class ProgramCompiler
{
    private readonly List<LoweredEquation> equations = [];
    private readonly Dictionary<Var, Atom> substitutions = [];
    private readonly Dictionary<(Primitive, EquatableArray<object>), Var[]> common = [];
    private readonly Dictionary<Var, LoweredEquation> definitions = [];
    private readonly List<DeviceArray> constants = [];
    private readonly List<(Executable Executable, Var[] Inputs, Var[] Outputs)> work = [];
    private readonly Dictionary<Var, DeviceArray> constantVars = [];

    /// <summary>Compiles a program without captured constants.</summary>
    public static Program Compile(Jaxpr jaxpr) => new ProgramCompiler().Run(jaxpr);

    private Program Run(Jaxpr jaxpr)
    {
        Flatten(jaxpr);
        foreach (var unit in FusionPlan.Make(equations, Outputs(jaxpr).OfType<Var>()))
        {
            Emit(unit);
        }

        return Assemble(jaxpr);
    }

    private void Flatten(Jaxpr jaxpr)
    {
        foreach (var equation in jaxpr.Equations)
        {
            var inputs = Array.ConvertAll(equation.Inputs, Resolve);
            var primitive = equation.Primitive;
            var lowering = primitive.Lower(
                Array.ConvertAll(inputs, a => a.Type),
                Array.ConvertAll(equation.Outputs, v => v.Type)
            );
            if (lowering is Lowering.Inline inline)
            {
                var fresh = Copy(inline.Body);
                for (int i = 0; i < inputs.Length; i++)
                {
                    substitutions[fresh.Inputs[i]] = inputs[i];
                }

                Flatten(fresh);
                for (int i = 0; i < equation.Outputs.Length; i++)
                {
                    substitutions[equation.Outputs[i]] = Resolve(fresh.Outputs[i]);
                }

                continue;
            }

            var key = (primitive, (EquatableArray<object>)Array.ConvertAll(inputs, Identity));
            if (!primitive.HasEffects && common.TryGetValue(key, out var earlier))
            {
                for (int i = 0; i < earlier.Length; i++)
                {
                    substitutions[equation.Outputs[i]] = earlier[i];
                }

                continue;
            }

            common[key] = equation.Outputs;
            Add(new Equation(primitive, inputs, equation.Outputs), lowering);
        }
    }

    private void Add(Equation equation, Lowering lowering)
    {
        switch (lowering)
        {
            case Lowering.Contraction { Spec: var spec }:
                var (lhs, lhsView) = Fold(equation.Inputs[0], spec.Lhs);
                var (rhs, rhsView) = Fold(equation.Inputs[1], spec.Rhs);
                equation = equation with { Inputs = [lhs, rhs] };
                lowering = new Lowering.Contraction(spec with { Lhs = lhsView, Rhs = rhsView });
                break;
            case Lowering.Routine:
                equation = equation with { Inputs = Array.ConvertAll(equation.Inputs, SameMemory) };
                break;
        }

        var lowered = new LoweredEquation(equation, lowering, equations.Count);
        equations.Add(lowered);
        foreach (var output in equation.Outputs)
        {
            definitions[output] = lowered;
        }
    }

    private (Atom Operand, OperandView View) Fold(Atom operand, OperandView view)
    {
        if (SameMemory(operand) is not Var variable)
        {
            return (operand, view);
        }

        // Views of a reshaped operand are not looked through: their axes are not those of the description.
        var (source, folded) =
            operand is Var original && variable == original
                ? OperandViews.Fold(variable, view, v => definitions.GetValueOrDefault(v))
                : (variable, view);
        return (SameMemory(source), folded);
    }

    /// <summary>The variable whose memory a reshaped one shares.</summary>
    private Atom SameMemory(Atom atom)
    {
        while (
            atom is Var variable
            && definitions.TryGetValue(variable, out var lowered)
            && lowered.Lowering is Lowering.Alias
        )
        {
            atom = lowered.Equation.Inputs[Array.IndexOf(lowered.Equation.Outputs, variable)];
        }

        return atom;
    }

    // What two operands have in common exactly if they are the same value.
    private static object Identity(Atom atom) =>
        atom is Literal literal ? (literal.Type, Convert.ToHexString(literal.Value.Bytes())) : atom;

    private Atom Resolve(Atom atom) =>
        atom is Var variable && substitutions.TryGetValue(variable, out var value) ? value : atom;

    // A program may be put in place twice; its variables must differ then.
    private static Jaxpr Copy(Jaxpr jaxpr)
    {
        var map = new Dictionary<Var, Var>();
        return new Jaxpr(
            [],
            Array.ConvertAll(jaxpr.Inputs, Fresh),
            Array.ConvertAll(
                jaxpr.Equations,
                e => new Equation(e.Primitive, Array.ConvertAll(e.Inputs, Map), Array.ConvertAll(e.Outputs, Fresh))
            ),
            Array.ConvertAll(jaxpr.Outputs, Map)
        );

        Var Fresh(Var v)
        {
            var copy = new Var(v.Type);
            map[v] = copy;
            return copy;
        }

        Atom Map(Atom atom) => atom is Var v ? map[v] : atom;
    }

    private void Emit(FusionUnit unit)
    {
        var first = unit.Members[0];
        var equation = first.Equation;
        switch (first.Lowering)
        {
            case Lowering.Contraction contraction:
                Add(ContractionCompiler.Compile(contraction.Spec), Operands(equation), equation.Outputs);
                break;
            case Lowering.Routine routine:
                Add(routine.Create(), Operands(equation), equation.Outputs);
                break;
            default:
                var builder = unit.Build();
                if (builder.Outputs.Any(v => v.Type.Size > 0))
                {
                    Add(KernelCompiler.Compile(builder.Finish()), [.. builder.Inputs], [.. builder.Outputs]);
                }

                break;
        }
    }

    private void Add(Executable executable, Var[] inputs, Var[] outputs) => work.Add((executable, inputs, outputs));

    // Routines read memory: literals become constant arrays.
    private Var[] Operands(Equation equation) => Array.ConvertAll(equation.Inputs, InMemory);

    private Var InMemory(Atom atom)
    {
        if (atom is Var variable)
        {
            return variable;
        }

        var value = ((Literal)atom).Value;
        var constant = new Var(value.Type);
        constantVars[constant] = value;
        return constant;
    }

    private IEnumerable<Atom> Outputs(Jaxpr jaxpr) => jaxpr.Outputs.Select(output => SameMemory(Resolve(output)));

    private Program Assemble(Jaxpr jaxpr)
    {
        var slots = new Dictionary<Var, int>();
        int next = 0;
        foreach (var input in jaxpr.Inputs)
        {
            slots[input] = next++;
        }

        var outputs = Outputs(jaxpr).ToArray();
        var aliases = new int[jaxpr.Outputs.Length];
        var copies = new List<(Var From, int To)>();
        for (int i = 0; i < jaxpr.Outputs.Length; i++, next++)
        {
            aliases[i] = -1;
            var variable = InMemory(outputs[i]);
            int input = Array.IndexOf(jaxpr.Inputs, variable);
            if (input >= 0)
            {
                aliases[i] = input;
            }
            else if (!slots.TryAdd(variable, next))
            {
                copies.Add((variable, next));
            }
            else if (constantVars.ContainsKey(variable))
            {
                slots.Remove(variable);
                copies.Add((variable, next));
            }
        }

        foreach (var (constant, value) in constantVars)
        {
            slots[constant] = next++;
            constants.Add(value);
        }

        var plan = BufferPlan.Make([.. work.Select(w => (w.Inputs, w.Outputs))], slots.ContainsKey);
        foreach (var variable in plan.Variables)
        {
            slots[variable] = next++;
        }

        var steps = work.Select(w => new Step(
                w.Executable,
                [.. w.Inputs.Select(v => slots[v])],
                [.. w.Outputs.Select(v => slots[v])]
            ))
            .Concat(copies.Select(c => new Step(new CopyExecutable(c.From.Type.ByteLength), [slots[c.From]], [c.To])))
            .ToArray();
        return new Program(
            jaxpr.InputTypes,
            jaxpr.OutputTypes,
            aliases,
            [.. constants],
            plan.Offsets,
            plan.Bytes,
            steps
        );
    }
}

/// <summary>Copies memory.</summary>
internal sealed class CopyExecutable(long bytes) : Executable
{
    public override unsafe void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        System.Buffer.MemoryCopy((void*)inputs[0], (void*)outputs[0], bytes, bytes);
}
