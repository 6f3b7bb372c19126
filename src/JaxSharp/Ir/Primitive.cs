using System;
using System.Linq;

namespace JaxSharp.Ir;

/// <summary>
/// An operation that transformations know how to treat. A primitive is a record whose properties are the parameters of the
/// operation, so equality, cache keys and printing need no code. Operands of a primitive agree in shape and element type where
/// it has several; broadcasting and promotion happen in the public functions above.
/// </summary>
internal abstract record Primitive
{
    /// <summary>The name in printed programs: JAX's own.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the one program that it holds is applied to the operands as they are; it is printed with their names.</summary>
    public virtual bool IsCall => false;

    /// <summary>The types of the results; throws a <see cref="JaxException"/> that names the operands if they do not fit.</summary>
    public abstract ArrayType[] Infer(ArrayType[] operands);

    /// <summary>
    /// Results and their tangents. At least one tangent is nonzero. Tangents have only linear operations, so the rule is linear in
    /// them by construction and serves forward and reverse mode.
    /// </summary>
    public abstract (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents);

    /// <summary>
    /// Cotangents of the linear operands, null for zero; entries of other operands are ignored. At least one of
    /// <paramref name="cotangents"/> (one per result) is not null.
    /// </summary>
    public abstract NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands);

    /// <summary>
    /// Applies the operation to stacks of operands: <paramref name="dims"/> gives the stacked axis of each, null where the operand is
    /// the same for all. At least one is stacked.
    /// </summary>
    public abstract (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims);

    /// <summary>How the operation is computed; what fusion may do with it follows from the kind of the answer.</summary>
    public abstract Lowering Lower(ArrayType[] operands, ArrayType[] results);

    /// <summary>
    /// What runs where nothing is transformed: the same without what only transformations read. What was compiled for it is found
    /// again by it, so functions that users make anew for each call must not be in it.
    /// </summary>
    public virtual Primitive Evaluated => this;

    /// <summary>Whether equations with this primitive must be kept although their results are not used.</summary>
    public virtual bool HasEffects => false;

    /// <summary>An equal but simpler value for the application, or null; may bind other primitives.</summary>
    public virtual NDArray? Simplify(NDArray[] operands) => null;

    /// <summary>The name and, in brackets, the parameters without programs: <c>reduce_sum[axes=(0,)]</c>.</summary>
    public sealed override string ToString()
    {
        string[] parameters =
        [
            .. PrimitiveParameters
                .ValuesOf(this)
                .Where(p => !PrimitiveParameters.Programs(p.Value).Any())
                .Select(p => $"{p.Name}={ParameterText.Write(p.Value)}"),
        ];
        return parameters.Length == 0 ? Name : $"{Name}[{string.Join(' ', parameters)}]";
    }
}

/// <summary>An operand seen by a transpose rule: linear and unknown, or a known residual.</summary>
internal readonly struct LinearOperand
{
    private readonly NDArray? value;

    private LinearOperand(NDArray? value, ArrayType type)
    {
        this.value = value;
        Type = type;
    }

    public ArrayType Type { get; }

    public bool IsLinear => value is null;

    public NDArray Value => value ?? throw new InternalException("A linear operand has no value.");

    public static LinearOperand Linear(ArrayType type) => new(null, type);

    public static LinearOperand Known(NDArray value) => new(value, value.Type);
}

/// <summary>An axis mapped by <c>Vmap</c>: its extent and, if collectives may refer to it, its name.</summary>
internal sealed record BatchAxis(int Size, string? Name);
