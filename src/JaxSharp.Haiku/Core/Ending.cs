using System;

namespace JaxSharp.Haiku;

/// <summary>Does something once when a scope ends.</summary>
internal sealed class Ending(Action action) : IDisposable
{
    private Action? action = action;

    public void Dispose()
    {
        var pending = action;
        action = null;
        pending?.Invoke();
    }
}
