using System.Collections.Generic;
using JaxSharp.Numpy;

namespace JaxSharp.Tests.Documentation;

#pragma warning disable IDE1006, CA2211 // Names as examples use them.

/// <summary>The names that examples use without declaring them.</summary>
public static class Given
{
    public static NDArray x => Jnp.Arange(12.0).Reshape((3, 4));
    public static NDArray y => Jnp.Arange(4.0);
    public static NDArray w => Jnp.Full(4, 0.5);
    public static NDArray b => Jnp.Zeros(3);
    public static NDArray xs => Jnp.Arange(1.0, 5.0);
    public static NDArray rows => Jnp.Array([0, 2]);
    public static NDArray columns => Jnp.Array([1, 3]);
    public static NDArray matrix => Jnp.Arange(6.0).Reshape((2, 3));
    public static NDArray vector => Jnp.Arange(3.0);
    public static NDArray matrices => Jnp.Ones((5, 2, 3));
    public static NDArray vectors => Jnp.Ones((5, 3));
    public static NDArray logits => Jnp.Array([0.0, 1.0, 2.0]);
    public static NDArray scores => Jnp.Array([3.0, 9.0, 1.0, 7.0, 5.0, 8.0]);
    public static NDArray images => Jnp.Ones((2, 8, 8, 3));
    public static NDArray filters => Jnp.Ones((3, 3, 3, 4));
    public static NDArray xTrain => JaxRandom.Normal(JaxRandom.Key(1), (8, 2));
    public static NDArray xTest => JaxRandom.Normal(JaxRandom.Key(2), (4, 2));
    public static NDArray yTest => Jnp.Array([0, 1, 1, 0]);
    public static NDArray prediction => Jnp.Array([0, 1, 0, 0]);
    public static NDArray probability => Jnp.Array([0.2, 0.9, 0.4, 0.1]);
    public static PrngKey key => JaxRandom.Key(0);
}
