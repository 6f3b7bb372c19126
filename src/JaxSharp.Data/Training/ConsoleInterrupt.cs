using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace JaxSharp.Data;

/// <summary>
/// Makes Ctrl-C, or a request to end from the system, cancel a token instead of ending the process, so that training can save its state.
/// The second time the process ends.
/// </summary>
/// <example><code>
/// using var interrupt = new ConsoleInterrupt();
/// interrupt.Token.IsCancellationRequested; // => False
/// </code></example>
public sealed class ConsoleInterrupt : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Begins to listen.</summary>
    public ConsoleInterrupt()
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Is cancelled at the first Ctrl-C.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Leaves Ctrl-C to the system again.</summary>
    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        source.Dispose();
    }

    internal void OnSignal(PosixSignalContext context)
    {
        if (!source.IsCancellationRequested)
        {
            context.Cancel = true;
            source.Cancel();
        }
    }
}
