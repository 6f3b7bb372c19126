using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;
using JaxSharp.Passes;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Execution;

/// <summary>Compiles a program: puts calls in place, groups equations into kernels, places temporaries, makes the steps.</summary>
internal sealed class ProgramCompiler
{
    private readonly List<LoweredEquation> equations = [];
    private readonly Dictionary<Var, LoweredEquation> definitions = [];
    private readonly List<DeviceArray> constants = [];
    private readonly List<Work> work = [];
    private readonly List<Work> preparation = [];
    private readonly HashSet<Var> lasting = [];
    private readonly HashSet<Var> results = [];
    private readonly Dictionary<Var, DeviceArray> constantVars = [];
    private Dictionary<Var, int> uses = [];
    private Dictionary<FusionUnit, LoopNest> kernels = [];

    /// <summary>Compiles a program without captured constants.</summary>
    /// <param name="jaxpr">The program.</param>
    /// <param name="lastingInputs">
    /// So many of the first inputs stay the same for many runs, as in a loop: what depends on nothing else is prepared once.
    /// </param>
    public static Program Compile(Jaxpr jaxpr, int lastingInputs = 0)
    {
        var (flat, lowerings) = Flatten(jaxpr);
        return new ProgramCompiler().Run(flat, lowerings, jaxpr.Inputs[..lastingInputs], jaxpr.OutputTypes);
    }

    /// <summary>Compiles a program without calls.</summary>
    /// <param name="flat">The program.</param>
    /// <param name="lowerings">The lowering of each equation by its first result.</param>
    /// <param name="lastingInputs">The inputs that stay the same for many runs.</param>
    public static Program Compile(Jaxpr flat, Dictionary<Var, Lowering> lowerings, IEnumerable<Var> lastingInputs) =>
        new ProgramCompiler().Run(flat, lowerings, lastingInputs, flat.OutputTypes);

    /// <summary>The program with calls put in place and nothing computed twice or for nothing; the lowering of each equation.</summary>
    public static (Jaxpr Flat, Dictionary<Var, Lowering> Lowerings) Flatten(Jaxpr jaxpr)
    {
        var (flat, lowerings) = Inlining.Flatten(jaxpr);
        return (DeadCode.Eliminate(CommonSubexpressions.Eliminate(flat)), lowerings);
    }

    private Program Run(
        Jaxpr flat,
        Dictionary<Var, Lowering> lowerings,
        IEnumerable<Var> lastingInputs,
        ArrayType[] outputTypes
    )
    {
        lasting.UnionWith(lastingInputs);
        flat = ArraysInMemory(flat);
        uses = OutputViews.CountUses(flat);
        foreach (var equation in flat.Equations.Where(e => !Array.TrueForAll(e.Outputs, y => y.Type.DType.Size == 0)))
        {
            Add(equation, lowerings[equation.Outputs[0]]);
        }

        Atom[] outputs = Array.ConvertAll(flat.Outputs, SameMemory);
        results.UnionWith(outputs.OfType<Var>());
        var units = FusionPlan.Make(equations, outputs.OfType<Var>());
        FinishedContraction[] finished = [.. Epilogues.Find(units)];
        var possible = SideBySide(finished, Epilogues.Make);

        // By the kernel that is an epilogue, and null for its contraction, which runs in the kernel's place.
        var epilogues = new Dictionary<FusionUnit, Action?>();
        for (int i = 0; i < finished.Length; i++)
        {
            var found = finished[i];
            if (possible[i] is { } epilogue)
            {
                epilogues[found.Kernel] = () => Emit(found, epilogue);
                epilogues[found.Contraction] = null;
            }
        }

        var loops = units.Where(unit =>
            unit.Members[0].Lowering is not (Lowering.Contraction or Lowering.Routine) && !epilogues.ContainsKey(unit)
        );
        kernels = Compiled([.. loops]);
        foreach (var unit in units)
        {
            if (!epilogues.TryGetValue(unit, out var emit))
            {
                Emit(unit);
            }
            else
            {
                emit?.Invoke();
            }
        }

        return Assemble(flat.Inputs, outputs, outputTypes);
    }

    private static Dictionary<FusionUnit, LoopNest> Compiled(FusionUnit[] units)
    {
        var built = new List<LoopNest>();
        foreach (var unit in units)
        {
            var builder = unit.Build();
            if (builder.Outputs.Any(v => v.Type.Size > 0))
            {
                built.Add(new LoopNest(unit, builder, builder.Finish()));
            }
        }

        LoopNest[] nests = [.. built];
        var executables = SideBySide(nests, nest => KernelCompiler.Compile(nest.Kernel));
        var result = new Dictionary<FusionUnit, LoopNest>();
        for (int i = 0; i < nests.Length; i++)
        {
            result[nests[i].Unit] = nests[i] with { Executable = executables[i] };
        }

        return result;
    }

    // Most of the time goes into machine code, which can be made on all processors.
    private static TResult[] SideBySide<T, TResult>(T[] items, Func<T, TResult> make)
    {
        if (items.Length < 2)
        {
            return Array.ConvertAll(items, item => make(item));
        }

        var results = new TResult[items.Length];
        try
        {
            Parallel.For(0, items.Length, i => results[i] = make(items[i]));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        return results;
    }

    // Loop nests have scalars in them; other literals are constant arrays.
    private Jaxpr ArraysInMemory(Jaxpr jaxpr)
    {
        var known = new Dictionary<DeviceArray, Var>();
        return new Jaxpr(
            jaxpr.ConstVars,
            jaxpr.Inputs,
            Array.ConvertAll(jaxpr.Equations, e => e with { Inputs = Array.ConvertAll(e.Inputs, Move) }),
            Array.ConvertAll(jaxpr.Outputs, Move)
        );

        Atom Move(Atom atom)
        {
            if (atom is not Literal { Value: { Ndim: > 0 } array })
            {
                return atom;
            }

            if (!known.TryGetValue(array, out var variable))
            {
                variable = InMemory(atom);
                known[array] = variable;
            }

            return variable;
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
        if (!WritesView(lowered))
        {
            equations.Add(lowered);
            Define(lowered);
        }
    }

    private void Define(LoweredEquation lowered)
    {
        foreach (var output in lowered.Equation.Outputs)
        {
            definitions[output] = lowered;
        }
    }

    /// <summary>Whether a contraction writes the result of this view of its own result, which nobody else reads.</summary>
    private bool WritesView(LoweredEquation view)
    {
        if (
            view.Equation.Inputs is not [Var result]
            || uses[result] != 1
            || definitions.GetValueOrDefault(result) is not { Lowering: Lowering.Contraction contraction } source
            || OutputViews.Fold(contraction.Spec, result, view) is not { } spec
        )
        {
            return false;
        }

        var merged = source with
        {
            Equation = source.Equation with { Outputs = view.Equation.Outputs },
            Lowering = new Lowering.Contraction(spec),
        };
        equations[source.Order] = merged;
        definitions.Remove(result);
        Define(merged);
        return true;
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

    private void Emit(FusionUnit unit)
    {
        var first = unit.Members[0];
        var equation = first.Equation;
        switch (first.Lowering)
        {
            case Lowering.Contraction contraction:
                AddContraction(
                    contraction.Spec,
                    null,
                    Operands(equation),
                    equation.Outputs,
                    () => Descriptions.Of(first, contraction.Spec)
                );
                break;
            case Lowering.Routine routine:
                Add(
                    routine.Create(),
                    Operands(equation),
                    equation.Outputs,
                    () => Descriptions.Of(unit),
                    equation.Primitive.HasEffects
                );
                break;
            default:
                if (kernels.TryGetValue(unit, out var made))
                {
                    Add(
                        made.Executable!,
                        [.. made.Builder.Inputs],
                        [.. made.Builder.Outputs],
                        () => Descriptions.Of(unit, made.Kernel)
                    );
                }

                break;
        }
    }

    private void Emit(FinishedContraction found, FoundEpilogue epilogue)
    {
        var member = found.Contraction.Members[0];
        var spec = ((Lowering.Contraction)member.Lowering).Spec;
        AddContraction(
            spec,
            epilogue.Epilogue,
            [.. Operands(member.Equation), .. epilogue.Operands],
            epilogue.Outputs,
            () => Descriptions.Of(found, spec)
        );
    }

    // Operands that stay the same are packed in the preparation.
    private void AddContraction(
        ContractionSpec spec,
        ContractionEpilogue? epilogue,
        Var[] inputs,
        Var[] outputs,
        Func<StepDescription> describe
    )
    {
        bool isLhs = lasting.Contains(inputs[0]);
        if (isLhs != lasting.Contains(inputs[1]) && PackedContraction.For(spec, isLhs, epilogue) is { } packed)
        {
            var (side, operand) = isLhs ? (0, inputs[0]) : (1, inputs[1]);
            var panels = new Var(new ArrayType(DType.U8, checked((int)packed.Bytes)));
            var description = new StepDescription($"pack {operand.Type}", 0, 2.0 * operand.Type.ByteLength, false);
            Add(packed.Packing, [operand], [panels], () => description);
            inputs = [.. inputs];
            inputs[side] = panels;
            Add(packed.Product, inputs, outputs, describe);
            return;
        }

        Add(ContractionCompiler.Compile(spec, epilogue: epilogue), inputs, outputs, describe);
    }

    private void Add(
        Executable executable,
        Var[] inputs,
        Var[] outputs,
        Func<StepDescription> describe,
        bool hasEffects = false
    )
    {
        bool lasts =
            lasting.Count > 0
            && !hasEffects
            && Array.TrueForAll(inputs, v => lasting.Contains(v) || constantVars.ContainsKey(v))
            && !Array.Exists(outputs, results.Contains);
        if (lasts)
        {
            lasting.UnionWith(outputs);
        }

        (lasts ? preparation : work).Add(new Work(executable, inputs, outputs, describe));
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

    private Program Assemble(Var[] inputs, Atom[] outputs, ArrayType[] outputTypes)
    {
        var slots = new Dictionary<Var, int>();
        int next = 0;
        foreach (var input in inputs)
        {
            slots[input] = next++;
        }

        var aliases = new int[outputs.Length];
        var copies = new List<Copy>();
        for (int i = 0; i < outputs.Length; i++, next++)
        {
            aliases[i] = -1;
            var variable = InMemory(outputs[i]);
            int input = Array.IndexOf(inputs, variable);
            if (input >= 0)
            {
                aliases[i] = input;
            }
            else if (!slots.TryAdd(variable, next))
            {
                copies.Add(new Copy(variable, next));
            }
            else if (constantVars.ContainsKey(variable))
            {
                slots.Remove(variable);
                copies.Add(new Copy(variable, next));
            }
        }

        foreach (var (constant, value) in constantVars)
        {
            slots[constant] = next++;
            constants.Add(value);
        }

        var kept = new List<long>();
        long keptBytes = 0;
        foreach (var variable in preparation.SelectMany(w => w.Outputs))
        {
            slots[variable] = next++;
            kept.Add(keptBytes);
            keptBytes += (variable.Type.ByteLength + Buffer.Alignment - 1) / Buffer.Alignment * Buffer.Alignment;
        }

        var todo = InPlaceUpdates.Join(work, results);
        var plan = BufferPlan.Make([.. todo.Select(w => (Var[])[.. w.Outputs, .. w.Inputs])], slots.ContainsKey);
        foreach (var variable in plan.Variables)
        {
            slots[variable] = next++;
        }

        var steps = todo.Select(Place)
            .Concat(
                copies.Select(c => new Step(
                    new CopyExecutable(c.From.Type.ByteLength),
                    [slots[c.From]],
                    [c.To],
                    () => new StepDescription($"copy {c.From.Type}", 0, 2.0 * c.From.Type.ByteLength, false)
                ))
            )
            .ToArray();
        return new Program(
            Array.ConvertAll(inputs, v => v.Type),
            outputTypes,
            aliases,
            [.. constants],
            plan.Offsets,
            plan.Bytes,
            steps,
            new Preparation([.. preparation.Select(Place)], [.. kept], keptBytes)
        );

        Step Place(Work w) =>
            new(w.Executable, [.. w.Inputs.Select(v => slots[v])], [.. w.Outputs.Select(v => slots[v])], w.Describe);
    }

    // The start of a process counts: collections of tuples, and LINQ over them, would have to be compiled for each type of tuple.
    private sealed record LoopNest(
        FusionUnit Unit,
        KernelBuilder Builder,
        Kernel Kernel,
        Executable? Executable = null
    );

    private sealed record Copy(Var From, int To);
}

/// <summary>Copies memory.</summary>
internal sealed class CopyExecutable(long bytes) : Executable
{
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        LargeCopy.Run(inputs[0], outputs[0], bytes);
}
