namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The mean of the elements under a moving window; with SAME padding, of those that are elements of the input. As a function: <see cref="Avg_Pool"/>.</summary>
    /// <param name="windowShape">The extents of the window: one for all spatial axes, or several for the last axes, channels included.</param>
    /// <param name="strides">The steps of the window, given like the extents.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="channelAxis">The axis that one number does not stand for; null for none.</param>
    /// <param name="name">The name of the module.</param>
    /// <example><code>NDArray halved = new hk.AvgPool(2, 2, "VALID").Call(images);</code></example>
    public class AvgPool(Dims windowShape, Dims strides, string padding, int? channelAxis = -1, ScopeName? name = null)
        : Module<NDArray, NDArray>(name)
    {
        /// <summary>The extents of the window, as given.</summary>
        public Dims WindowShape { get; } = windowShape;

        /// <summary>The steps of the window, as given.</summary>
        public Dims Strides { get; } = strides;

        /// <summary>SAME or VALID.</summary>
        public string Padding { get; } = padding;

        /// <summary>The axis that one number does not stand for.</summary>
        public int? ChannelAxis { get; } = channelAxis;

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) =>
            Avg_Pool(inputs, WindowShape, Strides, Padding, ChannelAxis);
    }
}
