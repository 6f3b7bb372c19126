using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

/// <summary>Means over the slices of a mapped axis, or over groups of them.</summary>
internal static class ReplicaGroups
{
    public static NDArray Mean(NDArray x, string axis, IReadOnlyList<IReadOnlyList<int>>? groups)
    {
        if (groups is null)
        {
            return Lax.PMean(x, axis);
        }

        int slices = Lax.AxisSize(axis);
        var members = groups.SelectMany(group => group);
        if (!members.Order().SequenceEqual(Enumerable.Range(0, slices)) || groups.Any(g => g.Count != groups[0].Count))
        {
            throw new JaxArgumentException(
                $"BatchNorm: crossReplicaAxisIndexGroups must have each of the {slices} slices of the axis '{axis}' once, in groups of one "
                    + $"size; got {string.Join(" ", groups.Select(group => $"[{string.Join(", ", group)}]"))}."
            );
        }

        // The slices of the group of each slice.
        int[][] companions =
        [
            .. Enumerable.Range(0, slices).Select(slice => groups.First(group => group.Contains(slice)).ToArray()),
        ];
        var own = Jnp.Array(companions.SelectMany(group => group).ToArray()).Reshape(slices, groups[0].Count)[
            Lax.AxisIndex(axis)
        ];
        return Jnp.Mean(Jnp.Take(Lax.AllGather(x, axis), own, axis: 0), axis: 0);
    }
}
