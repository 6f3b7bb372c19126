using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Moves and makes stacked axes for batching rules.</summary>
internal static class Batching
{
    /// <summary>Moves an axis to another place; the others keep their order.</summary>
    public static NDArray MoveAxis(NDArray x, int from, int to)
    {
        if (from == to)
        {
            return x;
        }

        var order = Enumerable.Range(0, x.Ndim).Where(i => i != from).ToList();
        order.Insert(to, from);
        return new PermuteAxes([.. order]).Bind(x);
    }

    /// <summary>Repeats a value along a new axis.</summary>
    public static NDArray Broadcast(NDArray x, int size, int at) =>
        new BroadcastInDim(
            x.Shape.Insert(at, size),
            [.. Enumerable.Range(0, x.Ndim).Select(i => i < at ? i : i + 1)]
        ).Bind(x);

    /// <summary>The operand stacked along axis <paramref name="to"/>, repeated if it was not stacked.</summary>
    public static NDArray Align(NDArray x, int? dim, int to, int size) =>
        dim is { } from ? MoveAxis(x, from, to) : Broadcast(x, size, to);

    /// <summary>An operand that is stacked along axis 0 if at all.</summary>
    public static NDArray ToFront(NDArray x, int? dim) => dim is { } from ? MoveAxis(x, from, 0) : x;
}
