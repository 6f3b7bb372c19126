using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Recurrent cores: where their initial states are made, and how they are started anew.</summary>
public sealed class RecurrentTests
{
    private static readonly NDArray X = jnp.Ones((4, 3, 2));

    private sealed class Learnt(int size) : hk.RNNCore<NDArray>
    {
        protected override NDArray MakeInitialState(int? batchSize)
        {
            NDArray start =
                hk.GetParameter("start", size, init: jnp.Ones) + new hk.Bias().Call(jnp.Zeros((1, size)))[0];
            return batchSize is { } n ? jnp.BroadcastTo(start, (n, size)) : start;
        }

        protected override (NDArray Output, NDArray State) Forward(NDArray inputs, NDArray state)
        {
            var next = state + new hk.Linear(size).Call(inputs);
            return (next, next);
        }
    }

    [Fact]
    public void InitialStatesAreMadeInTheScopeOfTheCore()
    {
        var network = hk.Transform(
            (NDArray x) =>
            {
                var core = new hk.DeepRNN([new Learnt(2), new hk.LSTM(2)]);
                return hk.DynamicUnroll(core, x, core.InitialState(x.Shape[1])).Outputs;
            }
        );
        var parameters = network.Init(42, X);
        Assert.Equal(["learnt", "learnt/linear", "learnt/~initial_state/bias", "lstm/linear"], parameters.Keys.Order());
        Assert.Equal((4, 3, 2), network.Apply(parameters, null, X).Shape);
    }

    [Fact]
    public void EachPartOfAStateHasItsOwnFlags()
    {
        var network = hk.Transform(
            (NDArray x, NDArray h, NDArray c) =>
            {
                var core = new hk.ResetCore<hk.LSTMState, hk.LSTMState>(new hk.LSTM(2));
                var state = new hk.LSTMState(jnp.Ones((3, 2)), jnp.Ones((3, 2)));
                return core.Call((x[0], new hk.LSTMState(h, c)), state).State.Cell;
            }
        );
        NDArray none = jnp.Zeros(3, DType.Bool),
            all = jnp.Ones(3, DType.Bool);
        var parameters = network.Init(42, X, none, none);
        var kept = network.Apply(parameters, null, X, none, none);
        var plain = hk.Transform(
                (NDArray x) =>
                {
                    var core = new hk.ResetCore<hk.LSTMState>(new hk.LSTM(2));
                    return core.Call((x[0], none), new hk.LSTMState(jnp.Ones((3, 2)), jnp.Ones((3, 2)))).State.Cell;
                }
            )
            .Apply(parameters, null, X);
        Assert.True((bool)jnp.ArrayEqual(kept, plain));
        var cell = network.Apply(parameters, null, X, none, all);
        var hidden = network.Apply(parameters, null, X, all, none);
        Assert.False((bool)jnp.AllClose(kept, cell));
        Assert.False((bool)jnp.AllClose(kept, hidden));
        var mixed = network.Apply(parameters, null, X, none, jnp.Array([true, false, true]));
        Assert.True((bool)jnp.ArrayEqual(mixed[1], kept[1]));
        Assert.True((bool)jnp.AllClose(mixed[2], cell[2], 1e-6));
    }

    [Fact]
    public void FlagsMustFitTheState()
    {
        var wrong = hk.Transform(
            (NDArray x) =>
                new hk.ResetCore<hk.LSTMState, (NDArray, NDArray, NDArray)>(new hk.LSTM(2))
                    .Call(
                        (x[0], (jnp.Zeros(3, DType.Bool), jnp.Zeros(3, DType.Bool), jnp.Zeros(3, DType.Bool))),
                        new hk.LSTMState(jnp.Ones((3, 2)), jnp.Ones((3, 2)))
                    )
                    .Output
        );
        Assert.Contains("3 arrays", Assert.Throws<TreeException>(() => wrong.Init(42, X)).Message);
    }
}
