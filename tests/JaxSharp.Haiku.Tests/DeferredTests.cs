using System.Collections.Generic;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Where modules stand that are made at their first call.</summary>
public sealed class DeferredTests
{
    private static readonly NDArray X = jnp.Ones((1, 2));

    private sealed class Two() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly hk.Deferred<hk.Linear> first = new(() => new hk.Linear(3)),
            second = new(() => new hk.Linear(2));

        protected override NDArray Forward(NDArray x)
        {
            x = first.Target.Call(x);
            return second.Target.Call(x);
        }
    }

    private sealed class Caller(hk.Deferred<hk.Linear> layer) : hk.Module<NDArray, NDArray>
    {
        protected override NDArray Forward(NDArray x) => layer.Target.Call(x);
    }

    [Fact]
    public void NamesCountOnInTheMethodThatCalls()
    {
        var parameters = hk.Transform((NDArray x) => new Two().Call(x)).Init(42, X);
        Assert.Equal(["net/~/linear", "net/~/linear_1"], parameters.Keys);
        Assert.Equal((3, 2), parameters["net/~/linear_1"]["w"].Shape);
    }

    [Fact]
    public void OutsideOfModulesTheyStandWhereTheyAreCalledFirst()
    {
        IEnumerable<string> Modules(bool first) =>
            hk.Transform(
                    (NDArray x) =>
                    {
                        var layer = new hk.Deferred<hk.Linear>(() => new hk.Linear(2));
                        if (first)
                        {
                            x = layer.Target.Call(x);
                        }

                        return new Caller(layer).Call(x);
                    }
                )
                .Init(42, X)
                .Keys;
        Assert.Equal(["linear"], Modules(first: true));
        Assert.Equal(["caller/linear"], Modules(first: false));
    }

    private sealed class Maker() : hk.Module<NDArray, NDArray>("maker")
    {
        [hk.Transparent]
        public hk.Linear Make() => new(2);

        protected override NDArray Forward(NDArray x) => new hk.Linear(2).Call(x);
    }

    private sealed class Closing : hk.Module<NDArray, NDArray>
    {
        private readonly hk.Deferred<Caller2> head;

        public Closing()
            : base("net")
        {
            hk.Linear? inner = null;
            head = new(() => new Caller2(inner!));
            inner = new hk.Linear(2);
        }

        protected override NDArray Forward(NDArray x) => head.Target.Call(x);
    }

    private sealed class Caller2(hk.Linear layer) : hk.Module<NDArray, NDArray>("head")
    {
        protected override NDArray Forward(NDArray x) => layer.Call(x);
    }

    [Fact]
    public void NothingStandsBelowADeferredModule()
    {
        var byMethod = hk.Transform(
            (NDArray x) =>
            {
                var maker = new Maker();
                var layer = new hk.Deferred<hk.Linear>(maker.Make);
                return layer.Target.Call(maker.Call(x));
            }
        );
        Assert.Equal(["maker/linear", "linear"], byMethod.Init(42, X).Keys);
        Assert.Equal(["net/~/linear"], hk.Transform((NDArray x) => new Closing().Call(x)).Init(42, X).Keys);
    }
}
