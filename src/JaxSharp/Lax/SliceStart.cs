using System;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>
/// Where a slice at computed places starts: one integer for each axis, given as an integer vector, as integers, or as scalars.
/// </summary>
public sealed class SliceStart
{
    private readonly NDArray[]? scalars;
    private readonly NDArray? vector;
    private readonly int[]? numbers;

    private SliceStart(NDArray[]? scalars, NDArray? vector, int[]? numbers)
    {
        this.scalars = scalars;
        this.vector = vector;
        this.numbers = numbers;
    }

    /// <summary>From an integer vector (a scalar stands for one axis).</summary>
    public static implicit operator SliceStart(NDArray vector) => new(null, vector, null);

    /// <summary>From scalars.</summary>
    public static implicit operator SliceStart(NDArray[] scalars) => new(scalars, null, null);

    /// <summary>From integers.</summary>
    public static implicit operator SliceStart(int[] numbers) => new(null, null, numbers);

    /// <summary>From integers.</summary>
    public static implicit operator SliceStart(int number) => new(null, null, [number]);

    /// <summary>From integers.</summary>
    public static implicit operator SliceStart((int, int) numbers) => new(null, null, [numbers.Item1, numbers.Item2]);

    /// <summary>From integers.</summary>
    public static implicit operator SliceStart((int, int, int) n) => new(null, null, [n.Item1, n.Item2, n.Item3]);

    /// <summary>From scalars.</summary>
    public static implicit operator SliceStart((NDArray, NDArray) s) => new([s.Item1, s.Item2], null, null);

    /// <summary>From scalars.</summary>
    public static implicit operator SliceStart((NDArray, NDArray, NDArray) s) =>
        new([s.Item1, s.Item2, s.Item3], null, null);

    /// <summary>
    /// One scalar for each axis, all of one type. Where negative indices are allowed they count from the end of the axis.
    /// </summary>
    internal NDArray[] Resolve(string name, NDArray operand, AxisFlags? allowNegative)
    {
        int rank = operand.Ndim;
        NDArray[] indices =
            numbers is not null ? [.. numbers.Select(n => (NDArray)n)]
            : scalars is not null ? Argument.AllGiven(scalars, "startIndices", name)
            : Components(Argument.Given(vector!));
        if (indices.Length != rank)
        {
            throw new ShapeException(
                $"lax.{name} of {operand.Type} needs one start index for each of its {rank} axes; got {indices.Length}."
            );
        }

        // Narrow integers do not hold every place.
        var type = Array.Find(indices, i => !i.WeakType && i.DType.Size >= 4)?.DType ?? DType.I32;
        for (int axis = 0; axis < rank; axis++)
        {
            bool negative = allowNegative?.At(axis, rank, name) ?? true;
            indices[axis] = Normalize(name, indices[axis], operand.Shape[axis], negative, type);
        }

        return indices;
    }

    private static NDArray Normalize(string name, NDArray index, int extent, bool allowNegative, DType type)
    {
        if (!index.DType.IsInteger)
        {
            throw new DTypeException($"lax.{name} needs integer start indices; got {index.Type}. Use AsType.");
        }

        if (index is DeviceArray { Ndim: 0, WeakType: true } number)
        {
            long value = number.ItemInt(0);
            if (value < 0 && !allowNegative)
            {
                throw new ArrayIndexException(
                    $"lax.{name} got the start index {value} on an axis of extent {extent} although allowNegativeIndices is false."
                );
            }

            return DeviceArray.Scalar(value < 0 ? value + extent : value, type, weak: false);
        }

        if (index.DType != type && (index.WeakType || index.DType.Size < 4))
        {
            index = new ConvertElementType(type, Weak: false).Bind(index);
        }

        if (!allowNegative || index.DType.IsUnsigned || index.Ndim != 0)
        {
            return index;
        }

        var zero = DeviceArray.Scalar(0L, index.DType, index.WeakType);
        var size = DeviceArray.Scalar(extent, index.DType, index.WeakType);
        return SelectN.Where(new Lt().Bind(index, zero), new Add().Bind(index, size), index);
    }

    private static NDArray[] Components(NDArray vector) =>
        vector.Ndim switch
        {
            0 => [vector],
            1 =>
            [
                .. Enumerable
                    .Range(0, vector.Shape[0])
                    .Select(i => new Reshape(Shape.Scalar).Bind(Slice.InDim(vector, i, i + 1, 0))),
            ],
            _ => throw new ShapeException($"Start indices must be a vector or scalars; got {vector.Type}."),
        };
}

/// <summary>A truth value for all axes, or one for each.</summary>
public sealed class AxisFlags
{
    private readonly bool[] values;

    private AxisFlags(bool[] values) => this.values = values;

    /// <summary>One value for all axes.</summary>
    public static implicit operator AxisFlags(bool value) => new([value]);

    /// <summary>A value for each axis.</summary>
    public static implicit operator AxisFlags(bool[] values) => new(values);

    /// <summary>A value for each of two axes.</summary>
    public static implicit operator AxisFlags((bool, bool) values) => new([values.Item1, values.Item2]);

    internal bool At(int axis, int rank, string name) =>
        values.Length == 1 ? values[0]
        : values.Length == rank ? values[axis]
        : throw new ShapeException(
            $"lax.{name} needs one truth value, or one for each of {rank} axes; got {values.Length}."
        );
}
