using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// Running sums along rows in vectors of eight doubles: sums of pairs, of pairs of pairs and of all eight. What came before the
/// vector is added last, so that a vector waits for one addition only.
/// </summary>
internal static unsafe class RunningSums
{
    private const int Lanes = 8;

    /// <summary>How elements become doubles and doubles elements.</summary>
    internal interface IStorage<T>
        where T : unmanaged
    {
        /// <summary>Reads eight elements.</summary>
        static abstract Vector512<double> Load(T* source);

        /// <summary>Rounds to eight elements and writes them.</summary>
        static abstract void Store(Vector512<double> sums, T* target, bool pastCache);

        /// <summary>The element as a double.</summary>
        static abstract double Load(T value);

        /// <summary>The rounded element.</summary>
        static abstract T Store(double sum);
    }

    /// <summary>Whether this machine has the vectors.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Does a row.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="target">Where its sum goes; a multiple of 64 bytes where sums are to go past the caches.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="reverse">Whether sums begin with the last element.</param>
    /// <param name="pastCache">Whether to store past the caches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<T, TStorage>(T* source, T* target, long length, bool reverse, bool pastCache)
        where T : unmanaged
        where TStorage : IStorage<T>
    {
        // −0 is what changes no number when it is added.
        var nothing = Vector512.Create(-0.0);
        var pairs = Vector512.Create(8L, 0, 8, 2, 8, 4, 8, 6);
        var fours = Vector512.Create(8L, 8, 1, 1, 8, 8, 5, 5);
        var eights = Vector512.Create(8L, 8, 8, 8, 3, 3, 3, 3);
        var last = Vector512.Create(7L);
        var turned = Vector512.Create(7L, 6, 5, 4, 3, 2, 1, 0);
        var before = nothing;
        long done = 0;
        for (; done <= length - Lanes; done += Lanes)
        {
            long at = reverse ? length - Lanes - done : done;
            var sums = TStorage.Load(source + at);
            if (reverse)
            {
                sums = Avx512F.PermuteVar8x64(sums, turned);
            }

            sums += Avx512F.PermuteVar8x64x2(sums, pairs, nothing);
            sums += Avx512F.PermuteVar8x64x2(sums, fours, nothing);
            sums += Avx512F.PermuteVar8x64x2(sums, eights, nothing);
            var all = Avx512F.PermuteVar8x64(sums, last);
            sums += before;
            before += all;
            if (reverse)
            {
                sums = Avx512F.PermuteVar8x64(sums, turned);
            }

            TStorage.Store(sums, target + at, pastCache);
        }

        double sum = before.ToScalar();
        for (; done < length; done++)
        {
            long at = reverse ? length - 1 - done : done;
            sum += TStorage.Load(source[at]);
            target[at] = TStorage.Store(sum);
        }
    }

    /// <summary>Elements in f32.</summary>
    internal readonly struct Singles : IStorage<float>
    {
        public static Vector512<double> Load(float* source) => Avx512F.ConvertToVector512Double(Vector256.Load(source));

        public static void Store(Vector512<double> sums, float* target, bool pastCache)
        {
            var rounded = Avx512F.ConvertToVector256Single(sums);
            if (pastCache)
            {
                rounded.StoreAlignedNonTemporal(target);
            }
            else
            {
                rounded.Store(target);
            }
        }

        public static double Load(float value) => value;

        public static float Store(double sum) => (float)sum;
    }

    /// <summary>Elements in f64.</summary>
    internal readonly struct Doubles : IStorage<double>
    {
        public static Vector512<double> Load(double* source) => Vector512.Load(source);

        public static void Store(Vector512<double> sums, double* target, bool pastCache)
        {
            if (pastCache)
            {
                sums.StoreAlignedNonTemporal(target);
            }
            else
            {
                sums.Store(target);
            }
        }

        public static double Load(double value) => value;

        public static double Store(double sum) => sum;
    }
}
