using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

/// <summary>
/// The common element type of several: JAX's lattice, in which C# numbers stand below the arrays of their kind, so that
/// <c>f16 + 1.0</c> stays f16, and 64-bit integers give way to any float.
/// </summary>
internal static class Promotion
{
    // The first nodes are the codes of the element types; three more are those of C# integers, floats and complex numbers. Float0
    // stands above all: nothing converts to it, so that arithmetic with it is refused.
    private const int WeakInt = (int)DTypeCode.Float0 + 1;
    private const int WeakFloat = WeakInt + 1;
    private const int WeakComplex = WeakFloat + 1;
    private const int NodeCount = WeakComplex + 1;

    private static readonly byte[] Joins = MakeJoins();

    /// <summary>The type that elements of both types convert to.</summary>
    public static DType Types(DType a, DType b)
    {
        if (ReferenceEquals(a, b))
        {
            return a;
        }

        int node = Joins[((int)a.Code * NodeCount) + (int)b.Code];
        var dtype = node == WeakFloat ? DType.F64 : OfNode(node).DType;
        return dtype.IsInteger ? JaxConfig.Canonical(dtype) : dtype;
    }

    /// <summary>The common type of arrays, and whether it is weak; not narrowed to 32 bits.</summary>
    public static (DType DType, bool Weak) Result(params ReadOnlySpan<NDArray> arrays)
    {
        int node = Node(Operand(arrays[0]).Type);
        foreach (var array in arrays[1..])
        {
            node = Joins[(node * NodeCount) + Node(Operand(array).Type)];
        }

        return OfNode(node);
    }

    /// <summary>The common type of array types.</summary>
    public static (DType DType, bool Weak) Result(ReadOnlySpan<ArrayType> types)
    {
        int node = Node(types[0]);
        foreach (var type in types[1..])
        {
            node = Joins[(node * NodeCount) + Node(type)];
        }

        return OfNode(node);
    }

    /// <summary>Converts arrays to their common type.</summary>
    public static NDArray[] Promote(params NDArray[] arrays)
    {
        var (dtype, weak) = Result(arrays);
        return Array.ConvertAll(arrays, x => Convert(x, dtype, weak));
    }

    /// <summary>Converts arrays to their common type, or the float type for integers and bools.</summary>
    public static NDArray[] PromoteInexact(params NDArray[] arrays)
    {
        var (dtype, weak) = Result(arrays);
        dtype = Inexact(dtype);
        return Array.ConvertAll(arrays, x => Convert(x, dtype, weak));
    }

    /// <summary>The type itself if it is inexact; the float type that integers and bools turn into otherwise.</summary>
    public static DType Inexact(DType dtype) =>
        dtype.IsInexact ? dtype
        : dtype.Code is DTypeCode.I64 or DTypeCode.U64 ? JaxConfig.Canonical(DType.F64)
        : DType.F32;

    /// <summary>Converts one array for arithmetic that needs inexact elements.</summary>
    public static NDArray ToInexact(
        NDArray x,
        [CallerArgumentExpression(nameof(x))] string name = "",
        [CallerMemberName] string caller = ""
    ) => Argument.Given(x, name, caller).DType.IsInexact ? x : Convert(x, Inexact(x.DType), x.WeakType);

    /// <summary>An array with another element type. Concrete scalars are converted in place, without a kernel.</summary>
    public static NDArray Convert(NDArray x, DType dtype, bool weak = false)
    {
        dtype = JaxConfig.Canonical(dtype);
        if (ReferenceEquals(x.DType, dtype))
        {
            return x.WeakType == weak ? x
                : x is DeviceArray same ? same.WithType(same.Type with { Weak = weak })
                : new ConvertElementType(dtype, weak).Bind(x);
        }

        if (x is DeviceArray { Ndim: 0, DType.Size: > 0 } scalar && IsExactHostConversion(x.DType, dtype))
        {
            return scalar.DType.IsInteger || scalar.DType.IsBool
                ? ConvertInteger(scalar.ItemInt(0), scalar.DType, dtype, weak)
                : DeviceArray.Scalar(scalar.ItemComplex(0), dtype, weak);
        }

        return new ConvertElementType(dtype, weak).Bind(x);
    }

    private static NDArray Operand(NDArray array) => Argument.Given(array, "an operand", "Promotion of element types");

    private static DeviceArray ConvertInteger(long value, DType from, DType dtype, bool weak) =>
        dtype.IsInexact
            ? from.Code == DTypeCode.U64
                ? DeviceArray.Scalar((double)(ulong)value, dtype, weak)
                : DeviceArray.Scalar((double)value, dtype, weak)
            : DeviceArray.Scalar(value, dtype, weak);

    // Everything but what saturates or rounds in another way than C# does.
    private static bool IsExactHostConversion(DType from, DType to) =>
        to.IsComplex
        || (
            from.IsInexact
                ? to.IsFloating && !from.IsComplex
                : to.Size > 0 && (!to.IsUnsigned || to.Code != DTypeCode.U64)
        );

    private static int Node(ArrayType type) =>
        !type.Weak ? (int)type.DType.Code
        : type.DType.IsComplex ? WeakComplex
        : type.DType.IsFloating ? WeakFloat
        : type.DType.IsInteger ? WeakInt
        : (int)type.DType.Code;

    private static (DType DType, bool Weak) OfNode(int node) =>
        node switch
        {
            WeakInt => (JaxConfig.Canonical(DType.I64), true),
            WeakFloat => (JaxConfig.Canonical(DType.F64), true),
            WeakComplex => (JaxConfig.Canonical(DType.C128), true),
            _ => (DType.Of((DTypeCode)node), false),
        };

    private static byte[] MakeJoins()
    {
        var above = new int[NodeCount][];
        Edge(DTypeCode.Bool, WeakInt);
        above[WeakInt] = [(int)DTypeCode.U8, (int)DTypeCode.I8];
        Edge(DTypeCode.U8, (int)DTypeCode.I16, (int)DTypeCode.U16);
        Edge(DTypeCode.U16, (int)DTypeCode.I32, (int)DTypeCode.U32);
        Edge(DTypeCode.U32, (int)DTypeCode.I64, (int)DTypeCode.U64);
        Edge(DTypeCode.U64, WeakFloat);
        Edge(DTypeCode.I8, (int)DTypeCode.I16);
        Edge(DTypeCode.I16, (int)DTypeCode.I32);
        Edge(DTypeCode.I32, (int)DTypeCode.I64);
        Edge(DTypeCode.I64, WeakFloat);
        above[WeakFloat] = [WeakComplex, (int)DTypeCode.BF16, (int)DTypeCode.F16];
        Edge(DTypeCode.BF16, (int)DTypeCode.F32);
        Edge(DTypeCode.F16, (int)DTypeCode.F32);
        Edge(DTypeCode.F32, (int)DTypeCode.F64, (int)DTypeCode.C64);
        Edge(DTypeCode.F64, (int)DTypeCode.C128);
        above[WeakComplex] = [(int)DTypeCode.C64];
        Edge(DTypeCode.C64, (int)DTypeCode.C128);
        Edge(DTypeCode.C128, (int)DTypeCode.Float0);
        Edge(DTypeCode.Float0);

        var reach = new bool[NodeCount, NodeCount];
        for (int i = 0; i < NodeCount; i++)
        {
            Visit(i, i);
        }

        byte[] joins = new byte[NodeCount * NodeCount];
        for (int a = 0; a < NodeCount; a++)
        {
            for (int b = 0; b < NodeCount; b++)
            {
                // The least upper bound is the common upper bound that reaches all others.
                int[] bounds = [.. Enumerable.Range(0, NodeCount).Where(n => reach[a, n] && reach[b, n])];
                joins[(a * NodeCount) + b] = (byte)bounds.First(n => bounds.All(other => reach[n, other]));
            }
        }

        return joins;

        void Edge(DTypeCode from, params int[] to) => above[(int)from] = to;

        void Visit(int from, int at)
        {
            reach[from, at] = true;
            foreach (int next in above[at])
            {
                Visit(from, next);
            }
        }
    }
}
