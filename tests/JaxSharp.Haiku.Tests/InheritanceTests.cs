using System.Collections.Generic;
using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Modules of derived classes: what the base class makes comes first, as after <c>super().__init__()</c>.</summary>
public sealed class InheritanceTests
{
    private static readonly NDArray X = jnp.Ones((1, 2));

    private abstract class Base : hk.Module<NDArray, NDArray>
    {
        private readonly hk.Linear field = new(3);

        protected Base()
            : base("net")
        {
            InBody = new hk.Linear(4);
        }

        protected List<hk.Linear> More { get; } = [];

        private hk.Linear InBody { get; }

        protected override NDArray Forward(NDArray x) =>
            More.Aggregate(InBody.Call(field.Call(x)), (y, layer) => layer.Call(y));
    }

    private sealed class Derived : Base
    {
        private readonly hk.Linear field = new(6);

        public Derived()
        {
            More.Add(new hk.Linear(5));
            Last = new hk.Linear(7);
        }

        private hk.Linear Last { get; }

        protected override NDArray Forward(NDArray x) => Last.Call(field.Call(base.Forward(x)));
    }

    [Fact]
    public void WhatTheBaseClassHoldsComesFirst()
    {
        var parameters = hk.Transform((NDArray x) => new Derived().Call(x)).Init(42, X);
        long Size(string name) => parameters["net/~/" + name]["b"].Size;
        Assert.Equal(
            [3L, 4L, 5L, 6L, 7L],
            new[] { "linear", "linear_1", "linear_2", "linear_3", "linear_4" }.Select(Size)
        );
    }
}
