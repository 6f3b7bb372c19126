using System;
using System.Linq;

namespace JaxSharp.Numpy;

// Element types and how they combine.
public static partial class Jnp
{
    /// <summary>π.</summary>
    public const double Pi = Math.PI;

    /// <summary>Euler's number.</summary>
    public const double E = Math.E;

    /// <summary>Infinity.</summary>
    public const double Inf = double.PositiveInfinity;

    /// <summary>Not a number.</summary>
    public const double NaN = double.NaN;

    /// <summary>Euler's constant γ.</summary>
    public const double EulerGamma = 0.57721566490153286060651209008240243;

    /// <summary>Boolean.</summary>
    public static DType Bool => DType.Bool;

    /// <summary>Signed 8-bit integer.</summary>
    public static DType Int8 => DType.I8;

    /// <summary>Signed 16-bit integer.</summary>
    public static DType Int16 => DType.I16;

    /// <summary>Signed 32-bit integer.</summary>
    public static DType Int32 => DType.I32;

    /// <summary>Signed 64-bit integer.</summary>
    public static DType Int64 => DType.I64;

    /// <summary>Unsigned 8-bit integer.</summary>
    public static DType UInt8 => DType.U8;

    /// <summary>Unsigned 16-bit integer.</summary>
    public static DType UInt16 => DType.U16;

    /// <summary>Unsigned 32-bit integer.</summary>
    public static DType UInt32 => DType.U32;

    /// <summary>Unsigned 64-bit integer.</summary>
    public static DType UInt64 => DType.U64;

    /// <summary>IEEE half precision.</summary>
    public static DType Float16 => DType.F16;

    /// <summary>The upper half of single precision.</summary>
    public static DType BFloat16 => DType.BF16;

    /// <summary>IEEE single precision.</summary>
    public static DType Float32 => DType.F32;

    /// <summary>IEEE double precision.</summary>
    public static DType Float64 => DType.F64;

    /// <summary>Complex of two singles.</summary>
    public static DType Complex64 => DType.C64;

    /// <summary>Complex of two doubles.</summary>
    public static DType Complex128 => DType.C128;

    /// <summary>The type that elements of both types convert to.</summary>
    public static DType PromoteTypes(DType a, DType b) => Promotion.Types(Argument.Given(a), Argument.Given(b));

    /// <summary>The element type that an operation on the arguments (arrays, element types, C# numbers) computes in.</summary>
    public static DType ResultType(params object[] args)
    {
        Argument.Given(args);
        if (args.Length == 0)
        {
            throw new JaxArgumentException("result_type needs at least one array or element type.");
        }

        return JaxConfig.Canonical(Promotion.Result(System.Array.ConvertAll(args, TypeOf)).DType);

        static ArrayType TypeOf(object arg) =>
            arg switch
            {
                DType dtype => new ArrayType(dtype, JaxSharp.Shape.Scalar),
                NDArray array => array.Type,
                bool => new ArrayType(DType.Bool, JaxSharp.Shape.Scalar),
                sbyte or short or int or long or byte or ushort or uint or ulong => new ArrayType(
                    DType.I32,
                    JaxSharp.Shape.Scalar,
                    true
                ),
                float or double => new ArrayType(DType.F32, JaxSharp.Shape.Scalar, true),
                System.Numerics.Complex => new ArrayType(DType.C64, JaxSharp.Shape.Scalar, true),
                _ => throw new JaxArgumentException(
                    $"result_type takes arrays, element types and numbers; got {arg?.GetType().Name ?? "null"}."
                ),
            };
    }

    /// <summary>Whether elements can be converted: "no", "equiv", "safe" (nothing is lost), "same_kind" or "unsafe".</summary>
    public static bool CanCast(DType from, DType to, string casting = "safe")
    {
        Argument.Given(from);
        Argument.Given(to);
        return casting switch
        {
            "no" or "equiv" => ReferenceEquals(from, to),
            "safe" => IsSafe(from, to),
            "same_kind" => IsSafe(from, to) || Kind(from) <= Kind(to),
            "unsafe" => true,
            _ => throw new JaxArgumentException(
                $"can_cast got casting \"{casting}\"; it must be \"no\", \"equiv\", \"safe\", \"same_kind\" or \"unsafe\"."
            ),
        };
    }

    /// <summary>Whether an element type belongs to a kind ("floating", "integer", "number", …) or is the named type.</summary>
    public static bool IsSubDType(DType arg1, string arg2) =>
        arg2 switch
        {
            "generic" => true,
            "number" => !arg1.IsBool,
            "integer" => arg1.IsInteger,
            "signedinteger" => arg1.IsSigned,
            "unsignedinteger" => arg1.IsUnsigned,
            "inexact" => arg1.IsInexact,
            "floating" => arg1.IsFloating,
            "complexfloating" => arg1.IsComplex,
            "bool" or "bool_" => arg1.IsBool,
            _ => ReferenceEquals(DType.Parse(arg2), arg1),
        };

    /// <summary>Whether two element types are the same.</summary>
    public static bool IsSubDType(DType arg1, DType arg2) => ReferenceEquals(arg1, arg2);

    /// <summary>
    /// Whether an element type is of one of the kinds "bool", "signed integer", "unsigned integer", "integral", "real floating",
    /// "complex floating", "numeric", or one of the types given.
    /// </summary>
    public static bool IsDType(DType dtype, params object[] kind) =>
        Argument
            .Given(kind)
            .Any(one =>
                one switch
                {
                    DType other => ReferenceEquals(other, dtype),
                    "bool" => dtype.IsBool,
                    "signed integer" => dtype.IsSigned,
                    "unsigned integer" => dtype.IsUnsigned,
                    "integral" => dtype.IsInteger,
                    "real floating" => dtype.IsFloating,
                    "complex floating" => dtype.IsComplex,
                    "numeric" => !dtype.IsBool,
                    string name when DType.Parse(name) is { } parsed => ReferenceEquals(parsed, dtype),
                    object[] several => IsDType(dtype, several),
                    _ => throw new JaxArgumentException($"isdtype does not know the kind {one}."),
                }
            );

    /// <summary>The limits of a floating-point type.</summary>
    public static FloatInfo FInfo(DType dtype) => new(Argument.Given(dtype));

    /// <summary>The limits of an integer type.</summary>
    public static IntegerInfo IInfo(DType dtype) => new(Argument.Given(dtype));

    private static int Kind(DType dtype) =>
        dtype.IsBool ? 0
        : dtype.IsUnsigned ? 1
        : dtype.IsSigned ? 2
        : dtype.IsFloating ? 3
        : 4;

    // NumPy's rule: every value of the first type must be a value of the second.
    private static bool IsSafe(DType from, DType to)
    {
        if (ReferenceEquals(from, to) || from.IsBool)
        {
            return true;
        }

        return Kind(from) switch
        {
            1 => to.IsUnsigned ? to.Size >= from.Size
            : to.IsSigned ? to.Size > from.Size
            : to.IsInexact && IntegerFits(from, to),
            2 => to.IsSigned ? to.Size >= from.Size : to.IsInexact && IntegerFits(from, to),
            3 => to.IsInexact && FloatFits(from, to.RealType),
            _ => to.IsComplex && to.Size >= from.Size,
        };

        static bool FloatFits(DType from, DType to) =>
            ReferenceEquals(from, to) || (to.Size > from.Size && to.Size >= 4);

        static bool IntegerFits(DType from, DType to) =>
            to.RealType.Code switch
            {
                DTypeCode.F64 => true,
                DTypeCode.F32 => from.Size <= 2,
                _ => from.Size == 1,
            };
    }
}
