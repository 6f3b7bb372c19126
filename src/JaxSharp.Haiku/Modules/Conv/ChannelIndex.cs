using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Which axis a data format says the channels are on: −1 for the last, 1 for the one after the batch.</summary>
    /// <param name="dataFormat">
    /// <c>channels_last</c>, <c>channels_first</c>, a letter for each axis as in <c>NHWC</c> or <c>NCHW</c>, or sequential as in <c>BTHWD</c>.
    /// </param>
    /// <exception cref="JaxArgumentException">The format is none of these.</exception>
    /// <example><code>hk.GetChannelIndex("NCHW"); // => 1</code></example>
    public static int GetChannelIndex(string dataFormat)
    {
        ArgumentNullException.ThrowIfNull(dataFormat);
        return dataFormat switch
        {
            "channels_first" => 1,
            "channels_last" => -1,
            ['N', 'C', .. var spatial] when !spatial.Contains('C', StringComparison.Ordinal) => 1,
            ['N', .. var spatial, 'C'] when !spatial.Contains('C', StringComparison.Ordinal) => -1,
            ['B', 'T', .. var rest, 'D'] when !rest.Contains('D', StringComparison.Ordinal) => -1,
            ['T', 'B', .. var rest, 'D'] when !rest.Contains('D', StringComparison.Ordinal) => -1,
            _ => throw new JaxArgumentException(
                $"The data format \"{dataFormat}\" does not say where the channels are. Write channels_last, channels_first, a letter for "
                    + "each axis as in NHWC or NCHW, or a sequential format as in BTHWD."
            ),
        };
    }
}
