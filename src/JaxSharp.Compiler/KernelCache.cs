using System;
using System.Collections.Concurrent;
using System.Threading;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler;

/// <summary>
/// The kernels compiled last, for programs that hold the same: the layers of a network, a function jitted again. It is bounded: those
/// asked for in the current generation and the one before it are kept.
/// </summary>
/// <typeparam name="T">What kernels are compiled to.</typeparam>
/// <param name="compile">Compiles a kernel.</param>
internal sealed class KernelCache<T>(Func<Kernel, T> compile)
    where T : Executable
{
    /// <summary>The kernels of a generation.</summary>
    public const int GenerationSize = 512;

    private readonly Lock turn = new();
    private ConcurrentDictionary<KernelKey, Lazy<T>> current = new();
    private ConcurrentDictionary<KernelKey, Lazy<T>> previous = new();

    // Counted here: a concurrent dictionary takes all its locks to count.
    private int added;

    /// <summary>The executable of a kernel, compiled by the first who asks for it.</summary>
    public T GetOrCompile(Kernel kernel)
    {
        var key = new KernelKey(kernel);
        var generation = current;
        if (!generation.TryGetValue(key, out var executable))
        {
            executable = previous.TryGetValue(key, out var old) ? old : new Lazy<T>(() => compile(kernel));
            executable = generation.GetOrAdd(key, executable);
            if (Interlocked.Increment(ref added) >= GenerationSize)
            {
                Age(generation);
            }
        }

        try
        {
            return executable.Value;
        }
        catch
        {
            // What failed, for want of memory say, is tried again the next time.
            generation.TryRemove(new(key, executable));
            throw;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (turn)
        {
            (previous, current) = (new(), new());
            added = 0;
        }
    }

    private void Age(ConcurrentDictionary<KernelKey, Lazy<T>> generation)
    {
        lock (turn)
        {
            if (current == generation)
            {
                (previous, current) = (generation, new());
                added = 0;
            }
        }
    }
}
