using System.Collections.Generic;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>Arguments for the <see cref="BatchNorm"/> layers of a network.</summary>
        /// <param name="DecayRate">How much of the moving averages stays at each call; null for the network's default.</param>
        /// <param name="Eps">Added to the variance.</param>
        /// <param name="CreateScale">Whether there are parameters <c>scale</c>.</param>
        /// <param name="CreateOffset">Whether there are parameters <c>offset</c>.</param>
        /// <param name="ScaleInit">Makes <c>scale</c>; ones by default.</param>
        /// <param name="OffsetInit">Makes <c>offset</c>; zeros by default.</param>
        /// <param name="Axis">The axes that are reduced; by default all but that of the channels.</param>
        /// <param name="CrossReplicaAxis">The name of a mapped axis over which mean and variance are shared.</param>
        /// <param name="CrossReplicaAxisIndexGroups">Groups of slices of the mapped axis that share them.</param>
        /// <param name="DataFormat">Where the channels are.</param>
        public sealed record BnConfig(
            double? DecayRate = null,
            double Eps = 1e-5,
            bool CreateScale = true,
            bool CreateOffset = true,
            Initializer? ScaleInit = null,
            Initializer? OffsetInit = null,
            Dims? Axis = null,
            string? CrossReplicaAxis = null,
            IReadOnlyList<IReadOnlyList<int>>? CrossReplicaAxisIndexGroups = null,
            string DataFormat = "channels_last"
        )
        {
            internal BatchNorm Make(string name, double defaultDecayRate) =>
                new(
                    CreateScale,
                    CreateOffset,
                    DecayRate ?? defaultDecayRate,
                    Eps,
                    ScaleInit,
                    OffsetInit,
                    Axis,
                    CrossReplicaAxis,
                    CrossReplicaAxisIndexGroups,
                    DataFormat,
                    name
                );
        }
    }
}
