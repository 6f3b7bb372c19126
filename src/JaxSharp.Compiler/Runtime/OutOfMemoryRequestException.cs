namespace JaxSharp;

/// <summary>An array was asked for that does not fit into memory. The process is unharmed: nothing was allocated.</summary>
public sealed class OutOfMemoryRequestException : JaxException
{
    internal OutOfMemoryRequestException(long requestedBytes, long liveBytes, long limitBytes)
        : base(
            $"An array of {Text(requestedBytes)} was asked for, but {Text(liveBytes)} of arrays are alive and the memory of this "
                + $"process is limited to {Text(limitBytes)}. Use a smaller shape or element type, or drop references to arrays."
        )
    {
        RequestedBytes = requestedBytes;
    }

    /// <summary>The size of the array that was asked for, in bytes.</summary>
    public long RequestedBytes { get; }

    private static string Text(long bytes) =>
        bytes < 1L << 20 ? $"{bytes} bytes" : $"{bytes} bytes ({bytes / (double)(1L << 30):0.###} GiB)";
}
