using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>Work that is cut into numbered chunks, which run in any order and on any thread.</summary>
internal interface IParallelWork
{
    /// <summary>Does one chunk.</summary>
    void Invoke(int chunk);
}

/// <summary>
/// Persistent threads that share the chunks of one job at a time with the calling thread. Starting a job allocates nothing and
/// takes well below 2 µs while the workers are awake; they stay so for some 50 µs after a job, then sleep. Whoever cuts work
/// into chunks does so by its size and never by <see cref="Threads"/>, so that results have the same bits on any machine.
/// Each thread starts with a share of neighbouring chunks, the same one whenever a job has as many chunks, so that it meets in its
/// cache what it left there in the job before; who is done takes from the shares of the others.
/// A job started inside a job, or while another thread has one, runs on its own thread.
/// </summary>
internal static unsafe class WorkerPool
{
    private const int SpinRounds = 1500;

    private static readonly Lock Growth = new();
    private static readonly List<Worker> Workers = [];
    private static Worker[] started = [];
    private static int threads = Environment.ProcessorCount;
    private static Job job;
    private static Share* shares;
    private static int shareCount;

    [ThreadStatic]
    private static bool insideJob;

    /// <summary>How many threads share a job, the caller included.</summary>
    public static int Threads
    {
        get => threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            threads = value;
        }
    }

    /// <summary>Runs all chunks and returns when they are done; the first exception of a chunk is thrown here.</summary>
    public static void Run<TWork>(int chunks, ref TWork work)
        where TWork : struct, IParallelWork
    {
        if (chunks <= 1 || threads == 1 || insideJob || Interlocked.CompareExchange(ref job.Taken, 1, 0) != 0)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                work.Invoke(chunk);
            }

            return;
        }

        // The work stays where it is, on the caller's stack or in a local, until all workers have left.
        fixed (byte* pinned = &Unsafe.As<TWork, byte>(ref work))
        {
            RunShared(chunks, &Invoke<TWork>, pinned);
        }
    }

    /// <summary>Runs all chunks by a delegate, which should be static to save its allocation.</summary>
    public static void Run<TState>(int chunks, TState state, Action<TState, int> body)
    {
        var work = new DelegateWork<TState>(state, body);
        Run(chunks, ref work);
    }

    private static void Invoke<TWork>(void* work, int chunk)
        where TWork : struct, IParallelWork => Unsafe.AsRef<TWork>(work).Invoke(chunk);

    private static void RunShared(int chunks, delegate* <void*, int, void> body, void* state)
    {
        int helpers = Math.Min(threads, chunks) - 1;
        if (started.Length < helpers)
        {
            Start(helpers);
        }

        if (ProcessorChoice.IsNeeded)
        {
            int own = ProcessorChoice.Current;
            for (int i = 0; i < helpers; i++)
            {
                started[i].KeepOff(own);
            }
        }

        job.Body = body;
        job.State = state;
        job.Helpers = helpers;
        job.Failure = null;
        DealOut(chunks, helpers + 1);
        Volatile.Write(ref job.Open, 1);
        Interlocked.Increment(ref job.Epoch);
        for (int i = 0; i < helpers; i++)
        {
            started[i].Wake();
        }

        insideJob = true;
        DoChunks(0);
        insideJob = false;

        // Closing first and counting afterwards: a worker that comes late finds the job closed, one that is inside is counted.
        Interlocked.Exchange(ref job.Open, 0);
        var spin = new SpinWait();
        while (Volatile.Read(ref job.Inside) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        var failure = job.Failure;
        job.Failure = null;
        Volatile.Write(ref job.Taken, 0);
        failure?.Throw();
    }

    // Nobody looks at the shares meanwhile: the job before is finished, and this one is not open.
    private static void DealOut(int chunks, int parts)
    {
        if (shareCount < parts)
        {
            NativeMemory.AlignedFree(shares);
            shares = (Share*)NativeMemory.AlignedAlloc((nuint)(parts * sizeof(Share)), (nuint)sizeof(Share));
            shareCount = parts;
        }

        int next = 0;
        for (int i = 0; i < parts; i++)
        {
            shares[i].Next = next;
            next = (int)((long)chunks * (i + 1) / parts);
            shares[i].End = next;
        }
    }

    private static void DoChunks(int self)
    {
        var body = job.Body;
        void* state = job.State;
        int parts = job.Helpers + 1;
        var all = shares;
        try
        {
            for (int turn = 0; turn < parts; turn++)
            {
                var share = all + ((self + turn) % parts);
                int end = share->End;
                while (Volatile.Read(ref share->Next) < end)
                {
                    int chunk = Interlocked.Increment(ref share->Next) - 1;
                    if (chunk < end)
                    {
                        body(state, chunk);
                    }
                }
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref job.Failure, ExceptionDispatchInfo.Capture(e), null);
            for (int i = 0; i < parts; i++)
            {
                Volatile.Write(ref all[i].Next, all[i].End);
            }
        }
    }

    private static void Start(int helpers)
    {
        lock (Growth)
        {
            while (Workers.Count < helpers)
            {
                Workers.Add(new Worker(Workers.Count));
            }

            started = [.. Workers];
        }
    }

    private readonly struct DelegateWork<TState>(TState state, Action<TState, int> body) : IParallelWork
    {
        public void Invoke(int chunk) => body(state, chunk);
    }

    // What workers read in a loop, what all count in and what is fixed during a job lie on cache lines of their own.
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Job
    {
        [FieldOffset(0)]
        public ExceptionDispatchInfo? Failure;

        [FieldOffset(8)]
        public delegate* <void*, int, void> Body;

        [FieldOffset(16)]
        public void* State;

        [FieldOffset(24)]
        public int Helpers;

        [FieldOffset(128)]
        public int Epoch;

        [FieldOffset(132)]
        public int Open;

        [FieldOffset(256)]
        public int Inside;

        [FieldOffset(384)]
        public int Taken;
    }

    // The chunks that a thread begins with and that nobody has begun.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Share
    {
        public int Next;
        public int End;
    }

    [SuppressMessage("Design", "CA1001", Justification = "Workers live as long as the process.")]
    private sealed class Worker
    {
        private readonly int index;
        private readonly SemaphoreSlim signal = new(0);
        private ProcessorChoice? processor;
        private int asleep;

        public Worker(int index)
        {
            this.index = index;
            var thread = new Thread(Loop) { IsBackground = true, Name = $"JaxSharp worker {index}" };
            thread.UnsafeStart();
        }

        /// <summary>Keeps the worker off a processor, as long as it is not asked to keep off another one.</summary>
        public void KeepOff(int own) => processor?.KeepOff(own);

        public void Wake()
        {
            if (Volatile.Read(ref asleep) != 0 && Interlocked.Exchange(ref asleep, 0) != 0)
            {
                signal.Release();
            }
        }

        private void Loop()
        {
            insideJob = true;
            processor = ProcessorChoice.IsNeeded ? ProcessorChoice.ForCurrentThread() : null;
            int seen = 0;
            while (true)
            {
                seen = WaitBeyond(seen);
                Interlocked.Increment(ref job.Inside);
                if (Volatile.Read(ref job.Open) != 0 && index < job.Helpers)
                {
                    DoChunks(index + 1);
                }

                Interlocked.Decrement(ref job.Inside);
            }
        }

        private int WaitBeyond(int seen)
        {
            while (true)
            {
                for (int round = 0; round < SpinRounds; round++)
                {
                    int epoch = Volatile.Read(ref job.Epoch);
                    if (epoch != seen)
                    {
                        return epoch;
                    }

                    Thread.SpinWait(1);
                }

                Interlocked.Exchange(ref asleep, 1);
                if (Volatile.Read(ref job.Epoch) == seen || Interlocked.Exchange(ref asleep, 0) == 0)
                {
                    signal.Wait();
                }
            }
        }
    }
}
