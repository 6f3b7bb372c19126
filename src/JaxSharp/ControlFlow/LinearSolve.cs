using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>
/// The solution x of A·x = b by a solver that is not differentiated itself. Operands are what the programs captured, then b; each
/// program takes those and a vector.
/// </summary>
/// <param name="Jaxprs">The product with A and the solver; then, for reverse mode, the same for the transpose of A.</param>
internal sealed record LinearSolve(EquatableArray<Jaxpr> Jaxprs) : Primitive, ILinearizable, ICollective
{
    public override string Name => "custom_linear_solve";

    public override Primitive Evaluated => new JitCall(Name, Solver.Evaluated);

    private Jaxpr Product => Jaxprs[0];

    private Jaxpr Solver => Jaxprs[1];

    private int ConstCount => Product.Inputs.Length - Product.Outputs.Length;

    public override ArrayType[] Infer(ArrayType[] operands) => Solver.OutputTypes;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        Differentiate(primals, tangents, linearize: false);

    public (NDArray[] Outputs, Tangent[] Tangents) Linearize(NDArray[] primals, Tangent[] tangents) =>
        Differentiate(primals, tangents, linearize: true);

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        if (Jaxprs.Length < 4)
        {
            throw new DifferentiationException(
                "Lax.CustomLinearSolve cannot be differentiated in reverse mode without a solver of the transposed system: give "
                    + "transposeSolve, or symmetric: true if the matrix is symmetric."
            );
        }

        var constants = operands[..ConstCount];
        var transposed = new LinearSolve([Jaxprs[2], Jaxprs[3], Product, Solver]);
        var pulled = transposed.BindAll([
            .. constants.Select(o => o.Value),
            .. cotangents.Select((ct, i) => ct ?? Operators.Zeros(Solver.OutputTypes[i])),
        ]);
        return [.. constants.Select(_ => (NDArray?)null), .. pulled];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int count = ConstCount;
        bool[] stacked = [.. dims.Select((d, i) => d is not null || i >= count)];
        bool[] all = [.. Product.Outputs.Select(_ => true)];
        var batched = new LinearSolve([
            .. Jaxprs.Select(jaxpr => Vectorization.BatchJaxpr(jaxpr, axis, stacked, all).Jaxpr),
        ]);
        var outputs = batched.BindAll([
            .. operands.Select(
                (x, i) => i < count ? Batching.ToFront(x, dims[i]) : Batching.Align(x, dims[i], 0, axis.Size)
            ),
        ]);
        return (outputs, [.. outputs.Select(_ => (int?)0)]);
    }

    public bool UsesAxis(string name) => Jaxprs.Any(jaxpr => Calls.UsesAxis(jaxpr, name));

    public (NDArray[] Outputs, int?[] Dims) BatchCollective(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        Batch(axis, operands, dims);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Inline(Solver);

    // From A·x = b: A·dx = db − dA·x.
    private (NDArray[] Outputs, Tangent[] Tangents) Differentiate(NDArray[] primals, Tangent[] tangents, bool linearize)
    {
        var solution = this.BindAll(primals);
        var constants = primals[..ConstCount];
        var right = tangents[ConstCount..];
        if (tangents[..ConstCount].Any(t => !t.IsZero))
        {
            var product = new JitCall("matvec", Product);
            NDArray[] operands = [.. constants, .. solution];
            Tangent[] directions = [.. tangents[..ConstCount], .. solution.Select(Tangent.Zero)];
            var (_, moved) = linearize ? product.Linearize(operands, directions) : product.Jvp(operands, directions);
            right = [.. right.Zip(moved, (db, change) => db - change)];
        }

        return right.All(t => t.IsZero)
            ? (solution, right)
            : (solution, [.. Calls.ApplyLinear(right, ts => this.BindAll([.. constants, .. ts])).Select(Tangent.Of)]);
    }
}
