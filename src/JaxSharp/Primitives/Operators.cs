using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Operators for rules: operands have equal types, except that a scalar is converted and repeated to match the other. Outside of
/// this namespace the public operators apply, which broadcast and promote.
/// </summary>
internal static class Operators
{
    extension(NDArray)
    {
        public static NDArray operator +(NDArray x, NDArray y) => Apply(new Add(), x, y);

        public static NDArray operator -(NDArray x, NDArray y) => Apply(new Sub(), x, y);

        public static NDArray operator *(NDArray x, NDArray y) => Apply(new Mul(), x, y);

        public static NDArray operator /(NDArray x, NDArray y) => Apply(new Div(), x, y);

        public static NDArray operator -(NDArray x) => new Neg().Bind(x);
    }

    /// <summary>A value repeated in every element of an array of the given type.</summary>
    public static NDArray Full(ArrayType type, double value) =>
        BroadcastScalar(DeviceArray.Scalar(value, type.DType, type.Weak), type.Shape);

    public static NDArray Zeros(ArrayType type) => Full(type, 0);

    public static NDArray FullLike(NDArray x, double value) => Full(x.Type, value);

    /// <summary>A scalar repeated to a shape.</summary>
    public static NDArray BroadcastScalar(NDArray scalar, Shape shape) =>
        shape.Rank == 0 ? scalar : new BroadcastInDim(shape, []).Bind(scalar);

    private static NDArray Apply(Primitive primitive, NDArray x, NDArray y)
    {
        if (x.Type.SameAs(y.Type))
        {
            return primitive.Bind(x, y);
        }

        return Yields(x, y)
            ? primitive.Bind(Match((DeviceArray)x, y.Type), y)
            : primitive.Bind(x, y is DeviceArray { Ndim: 0 } scalar ? Match(scalar, x.Type) : y);
    }

    // Whether x takes the type of y: a C# number does, and of two the one of the lesser kind.
    private static bool Yields(NDArray x, NDArray y)
    {
        if (x is not DeviceArray { Ndim: 0 })
        {
            return false;
        }

        if (x.DType == y.DType || y is not DeviceArray { Ndim: 0 })
        {
            return true;
        }

        return x.WeakType && (!y.WeakType || !x.DType.IsInexact || y.DType.IsComplex);
    }

    private static NDArray Match(DeviceArray scalar, ArrayType type)
    {
        if (scalar.DType != type.DType)
        {
            scalar = DeviceArray.Scalar(scalar.ItemComplex(0), type.DType, type.Weak);
        }
        else if (scalar.WeakType != type.Weak)
        {
            scalar = scalar.WithType(scalar.Type with { Weak = type.Weak });
        }

        return BroadcastScalar(scalar, type.Shape);
    }
}

/// <summary>The linear operations that tangents have.</summary>
internal static class TangentOperators
{
    extension(Tangent)
    {
        public static Tangent operator +(Tangent a, Tangent b)
        {
            if (a.IsZero)
            {
                return b;
            }

            return b.IsZero ? a : Combine(a, b, (x, y) => new Add().Bind(x, y));
        }

        public static Tangent operator -(Tangent a, Tangent b)
        {
            if (b.IsZero)
            {
                return a;
            }

            return a.IsZero ? -b : Combine(a, b, (x, y) => new Sub().Bind(x, y));
        }

        public static Tangent operator -(Tangent a) => a.IsZero ? a : Run(a.Value!, x => new Neg().Bind(x));

        /// <summary>Scales by an array.</summary>
        public static Tangent operator *(Tangent a, NDArray factor) => a.IsZero ? a : Run(a.Value!, x => x * factor);

        /// <summary>Scales by an array.</summary>
        public static Tangent operator *(NDArray factor, Tangent a) => a * factor;

        /// <summary>Divides by an array.</summary>
        public static Tangent operator /(Tangent a, NDArray divisor) => a.IsZero ? a : Run(a.Value!, x => x / divisor);
    }

    /// <summary>
    /// Applies a linear function; everything that it does to its argument must be linear. <paramref name="like"/> is the value whose
    /// tangent this gives, for its type.
    /// </summary>
    public static Tangent Apply(this Tangent tangent, Func<NDArray, NDArray> linear, NDArray like) =>
        tangent.IsZero ? Tangent.Zero(like) : Run(tangent.Value!, linear);

    /// <summary>Applies a function that is linear in all its arguments together; zeros are made arrays.</summary>
    public static Tangent[] ApplyAll(Tangent[] tangents, Func<NDArray[], NDArray[]> linear)
    {
        var values = Array.ConvertAll(tangents, t => t.Instantiate());
        using var scope = TraceContext.Enter(TraceOf(values));
        return Array.ConvertAll(linear(values), Tangent.Of);
    }

    /// <summary>The tangent as an array.</summary>
    public static NDArray Instantiate(this Tangent tangent) => tangent.Value ?? Operators.Zeros(tangent.Type);

    private static Tangent Combine(Tangent a, Tangent b, Func<NDArray, NDArray, NDArray> linear)
    {
        using var scope = TraceContext.Enter(TraceOf(a.Value!, b.Value!));
        return Tangent.Of(linear(a.Value!, b.Value!));
    }

    private static Tangent Run(NDArray value, Func<NDArray, NDArray> linear)
    {
        using var scope = TraceContext.Enter(TraceOf(value));
        return Tangent.Of(linear(value));
    }

    // Tangents of a linearization are variables of its linear program: operations on them are recorded there.
    private static Trace TraceOf(params ReadOnlySpan<NDArray> values)
    {
        foreach (var value in values)
        {
            if (value is StagingTracer { Trace: StagingTrace { IsLinear: true } trace })
            {
                return trace;
            }
        }

        return TraceContext.Current;
    }
}
