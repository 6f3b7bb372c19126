using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;

namespace JaxSharp.Execution;

/// <summary>Compiles a program: puts calls in place, groups equations into kernels, places temporaries, makes the steps.</summary>
internal sealed class ProgramCompiler
{
    private readonly List<LoweredEquation> equations = [];
    private readonly Dictionary<Var, Atom> substitutions = [];
    private readonly Dictionary<Var, LoweredEquation> definitions = [];
    private readonly List<DeviceArray> constants = [];
    private readonly List<(Executable Executable, Var[] Inputs, Var[] Outputs)> work = [];
    private readonly Dictionary<Var, DeviceArray> constantVars = [];

    /// <summary>Compiles a program without captured constants.</summary>
    public static Program Compile(Jaxpr jaxpr) => new ProgramCompiler().Run(jaxpr);

    private Program Run(Jaxpr jaxpr)
    {
        Flatten(jaxpr);
        foreach (var lowered in equations)
        {
            Emit(lowered);
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

            var lowered = new LoweredEquation(new Equation(primitive, inputs, equation.Outputs), lowering);
            equations.Add(lowered);
            foreach (var output in equation.Outputs)
            {
                definitions[output] = lowered;
            }
        }
    }

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

    private void Emit(LoweredEquation lowered)
    {
        var equation = lowered.Equation;
        switch (lowered.Lowering)
        {
            case Lowering.Elementwise or Lowering.Indexed or Lowering.Alias:
                foreach (var group in equation.Outputs.GroupBy(v => v.Type.Shape))
                {
                    var builder = new KernelBuilder(
                        group.Key.ToArray(),
                        v => equation.Outputs.Contains(v) ? lowered : null
                    );
                    foreach (var output in group)
                    {
                        builder.Store(output);
                    }

                    AddKernel(builder);
                }

                break;
            case Lowering.Reduction:
                var reduction = new KernelBuilder(equation.Outputs[0].Type.Shape.ToArray(), _ => null);
                reduction.Reduce(lowered);
                reduction.Store(equation.Outputs[0]);
                AddKernel(reduction);
                break;
            case Lowering.Contraction contraction:
                work.Add((ContractionCompiler.Compile(contraction.Spec), Operands(equation), equation.Outputs));
                break;
            case Lowering.Routine routine:
                work.Add((routine.Create(), Operands(equation), equation.Outputs));
                break;
            default:
                throw new InternalException($"{equation.Primitive.Name} has no lowering that can run.");
        }
    }

    private void AddKernel(KernelBuilder builder)
    {
        if (builder.Outputs.All(v => v.Type.Size == 0))
        {
            return;
        }

        work.Add((KernelCompiler.Compile(builder.Finish()), [.. builder.Inputs], [.. builder.Outputs]));
    }

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

    private Program Assemble(Jaxpr jaxpr)
    {
        var slots = new Dictionary<Var, int>();
        int next = 0;
        foreach (var input in jaxpr.Inputs)
        {
            slots[input] = next++;
        }

        int firstOutput = next;
        var aliases = new int[jaxpr.Outputs.Length];
        var copies = new List<(Var From, int To)>();
        for (int i = 0; i < jaxpr.Outputs.Length; i++, next++)
        {
            aliases[i] = -1;
            var atom = Resolve(jaxpr.Outputs[i]);
            var variable = InMemory(atom);
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

        var temporaries = new List<long>();
        long bytes = 0;
        foreach (var variable in work.SelectMany(w => w.Outputs.Concat(w.Inputs)))
        {
            if (slots.TryAdd(variable, next))
            {
                next++;
                temporaries.Add(bytes);
                bytes += (variable.Type.ByteLength + 63) / 64 * 64;
            }
        }

        var steps = work.Select(w => new Step(w.Executable, [.. w.Inputs.Select(v => slots[v])], [.. w.Outputs.Select(v => slots[v])]))
            .Concat(copies.Select(c => new Step(new CopyExecutable(c.From.Type.ByteLength), [slots[c.From]], [c.To])))
            .ToArray();
        return new Program(
            jaxpr.InputTypes,
            jaxpr.OutputTypes,
            aliases,
            [.. constants],
            [.. temporaries],
            bytes,
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
