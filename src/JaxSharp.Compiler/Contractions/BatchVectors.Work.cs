using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

// What threads share of it.
internal sealed unsafe partial class BatchVectors
{
    private struct Work(BatchVectors owner, nint image, nint other, nint output) : IParallelWork
    {
        public nint Sums;
        public EpilogueRun Epilogue;
        public bool Streams;

        public readonly void Invoke(int chunk)
        {
            (int rest, int task) = Math.DivRem(chunk, owner.Tasks);
            (int batch, int column) = Math.DivRem(rest, owner.across);
            long position = (long)batch * owner.run;
            var layout = owner.image;
            Span<int> coordinates = stackalloc int[layout.Checks.Length];
            var start = new OperandOrigin(layout, image, position, coordinates);
            long place = owner.other.BaseOffset + OperandLayout.Locate(owner.other.Batch, position, []);
            place += OperandLayout.Locate(owner.other.Rows, column, []);
            nint partner = other + ((nint)place * owner.size);
            nint first = image + ((nint)start.Address * owner.size);
            int from = task * owner.perTask;
            int end = Math.Min(from + owner.perTask, owner.count);
            if (owner.sumsPositions)
            {
                nint bytes = owner.taps.Length * (nint)owner.SumBytes;
                nint sums = Sums + (chunk * bytes);
                Unsafe.InitBlockUnaligned((void*)sums, 0, checked((uint)bytes));
                owner.Walk(new Origin(first, partner, sums, false, coordinates), from, end);
                return;
            }

            long target = OperandLayout.Locate(owner.plan.OutBatch, position, []);
            target += OperandLayout.Locate(owner.outShort, column, []);
            nint along = output + ((nint)target * owner.size);
            owner.Walk(new Origin(first, along, partner, Streams, coordinates), from, end);
            if (Streams)
            {
                // Such stores are in order with nothing else.
                Sse.StoreFence();
            }

            Epilogue.Apply(from, 0, end - from, owner.run);
        }
    }

    /// <summary>Adds the sums of all parts of the positions in order.</summary>
    private readonly struct Finish(BatchVectors owner, nint sums, nint output) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            (int rest, int tap) = Math.DivRem(chunk, owner.taps.Length);
            (int batch, int column) = Math.DivRem(rest, owner.across);
            long target = OperandLayout.Locate(owner.plan.OutBatch, (long)batch * owner.run, []);
            target += OperandLayout.Locate(owner.outShort, column, []);
            nint place = output + ((nint)target * owner.size) + owner.taps[tap].Partner;
            nint first = sums + ((((nint)rest * owner.Tasks * owner.taps.Length) + tap) * owner.SumBytes);
            foreach (var block in owner.blocks)
            {
                Add(first + block.Sum, place + block.Offset, block.Vectors * block.Count * owner.vectorBytes);
            }
        }

        private void Add(nint source, nint target, int bytes)
        {
            if (ReferenceEquals(owner.plan.Type, DType.F32))
            {
                Add((float*)source, (float*)target, bytes);
            }
            else
            {
                Add((double*)source, (double*)target, bytes);
            }
        }

        private void Add<T>(T* source, T* target, int bytes)
            where T : unmanaged, INumber<T>
        {
            nint step = (nint)owner.taps.Length * owner.SumBytes / sizeof(T);
            for (int i = 0; i < bytes / sizeof(T); i++)
            {
                T sum = source[i];
                for (int part = 1; part < owner.Tasks; part++)
                {
                    sum += source[(part * step) + i];
                }

                target[i] = sum;
            }
        }
    }
}
