using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using JaxSharp.Numpy;
using Xunit;

#pragma warning disable xUnit1051 // Most loops are not to be cancelled.

namespace JaxSharp.Data.Tests;

public sealed class DataLoaderTests
{
    private static readonly PrngKey Key = JaxRandom.Key(3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Batches_hold_the_rows_of_all_arrays(int prefetch)
    {
        NDArray x = Jnp.Arange(20).Reshape((10, 2));
        var loader = DataLoader.Create((X: x, Y: Jnp.Arange(10, dtype: DType.U8)), 4, prefetch: prefetch);

        var batches = loader.Epoch().ToList();

        Assert.Equal([4, 4, 2], batches.Select(batch => batch.X.Length));
        Assert.Equal("i32[4,2] u8[4]", $"{batches[0].X.TypeText()} {batches[0].Y.TypeText()}");
        Assert.Equal(Enumerable.Range(0, 20), batches.SelectMany(batch => batch.X.ToArray<int>()));
        Assert.Equal(Enumerable.Range(0, 10), batches.SelectMany(batch => batch.Y.ToArray<byte>()).Select(y => (int)y));
    }

    [Fact]
    public void The_last_batch_may_be_dropped()
    {
        var loader = DataLoader.Create(Jnp.Arange(10), 4, dropLast: true);
        Assert.Equal(2, loader.BatchesPerEpoch);
        Assert.Equal([4, 4], loader.Epoch().Select(batch => batch.Length));
    }

    [Fact]
    public void An_epoch_has_the_order_of_its_own_permutation()
    {
        var loader = DataLoader.Create((Jnp.Arange(100), Jnp.Arange(100) * 2), 32, shuffle: Key);
        var orders = new List<int[]>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var batches = loader.Epoch(epoch).ToList();
            int[] order = [.. batches.SelectMany(batch => batch.Item1.ToArray<int>())];
            Assert.Equal(JaxRandom.Permutation(JaxRandom.FoldIn(Key, epoch), 100).ToArray<int>(), order);
            Assert.Equal(order.Select(i => 2 * i), batches.SelectMany(batch => batch.Item2.ToArray<int>()));
            orders.Add(order);
        }

        Assert.NotEqual(orders[0], orders[1]);
        Assert.NotEqual(orders[1], orders[2]);
    }

    [Fact]
    public void Rows_of_every_size_are_copied_whole()
    {
        foreach (DType dtype in DType.All)
        {
            using var scope = JaxConfig.X64();
            NDArray x = Jnp.Arange(60).Reshape((20, 3)).AsType(dtype);
            var loader = DataLoader.Create(x, 7, shuffle: Key);
            NDArray expected = Jnp.Take(x, JaxRandom.Permutation(JaxRandom.FoldIn(Key, 0), 20), axis: 0);
            NDArray got = Jnp.Concatenate([.. loader.Epoch()]);
            Assert.Equal(dtype, got.DType);
            Assert.True((bool)Jnp.ArrayEqual(expected, got), dtype.Name);
        }
    }

    [Fact]
    public void A_sequence_goes_on_anywhere_as_if_it_had_never_stopped()
    {
        var loader = DataLoader
            .Create(Jnp.Arange(50.0), 8, shuffle: Key)
            .Map((batch, key) => batch + JaxRandom.Uniform(key, batch.Shape), JaxRandom.Key(9));
        var all = loader.Batches(epochs: 3).ToList();
        Assert.Equal(21, all.Count);
        Assert.Equal(new LoaderPosition(3, 0), all[^1].Next);

        for (int i = 0; i < all.Count - 1; i++)
        {
            Assert.Equal(all[i].Next, all[i + 1].Position);
            var rest = loader.Batches(all[i].Next, epochs: 3);
            Assert.Equal(
                all.Skip(i + 1).SelectMany(batch => batch.Data.ToArray<float>()),
                rest.SelectMany(batch => batch.Data.ToArray<float>())
            );
        }

        Assert.Empty(loader.Batches(all[^1].Next, epochs: 3));
    }

    [Fact]
    public void Each_batch_has_a_key_of_its_own()
    {
        var keys = DataLoader.Create(Jnp.Arange(12), 4).Map((_, key) => JaxRandom.KeyData(key), Key);
        string[] texts = [.. keys.Batches(epochs: 4).Select(batch => string.Join(' ', batch.Data.ToArray<uint>()))];
        Assert.Equal(12, texts.Distinct().Count());
    }

    [Fact]
    public void Without_an_end_epochs_follow_each_other()
    {
        var positions = DataLoader.Create(Jnp.Arange(3), 2).Batches().Take(5).Select(batch => batch.Position);
        Assert.Equal([new(0, 0), new(0, 1), new(1, 0), new(1, 1), new LoaderPosition(2, 0)], positions);
    }

    [Fact]
    public void Only_so_many_batches_are_made_ahead()
    {
        int made = 0;
        var loader = DataLoader.Create(Jnp.Arange(100), 1, prefetch: 3).Map(batch => Count(batch, ref made));
        using var batches = loader.Batches().GetEnumerator();
        for (int taken = 1; taken <= 5; taken++)
        {
            Assert.True(batches.MoveNext());
            int expected = taken + 3;
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref made) == expected, 10_000));
            Thread.Sleep(10);
            Assert.Equal(expected, Volatile.Read(ref made));
        }
    }

    [Fact]
    public void A_loop_that_stops_early_leaves_no_work_behind()
    {
        int made = 0;
        var loader = DataLoader.Create(Jnp.Arange(1000), 1).Map(batch => Count(batch, ref made));
        foreach (var _ in loader.Epoch())
        {
            break;
        }

        int after = Volatile.Read(ref made);
        Thread.Sleep(50);
        Assert.Equal(after, Volatile.Read(ref made));
        Assert.InRange(after, 1, 3);
    }

    [Fact]
    public void A_sequence_that_is_only_dropped_is_collected()
    {
        WeakReference dropped = Drop();
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    GC.Collect();
                    return !dropped.IsAlive;
                },
                10_000
            )
        );

        static WeakReference Drop()
        {
            var batches = DataLoader.Create(Jnp.Arange(1000), 1).Batches().GetEnumerator();
            Assert.True(batches.MoveNext());
            return new WeakReference(batches);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_error_is_thrown_where_its_batch_is_taken(int prefetch)
    {
        int made = 0;
        var loader = DataLoader
            .Create(Jnp.Arange(10), 1, prefetch: prefetch)
            .Map(batch => Count(batch, ref made) == 4 ? throw new TimeoutException("batch 4") : batch);
        int taken = 0;
        var error = Assert.Throws<TimeoutException>(() =>
        {
            foreach (var _ in loader.Epoch())
            {
                taken++;
            }
        });
        Assert.Equal("batch 4", error.Message);
        Assert.Equal((3, 4), (taken, made));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Cancellation_ends_the_sequence(int prefetch)
    {
        using var source = new CancellationTokenSource();
        var loader = DataLoader.Create(Jnp.Arange(10), 1, prefetch: prefetch);
        int taken = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in loader.Epoch(0, source.Token))
            {
                taken++;
                source.Cancel();
            }
        });
        Assert.Equal(1, taken);
    }

    [Fact]
    public void Work_in_the_background_has_the_settings_of_the_loop()
    {
        using var scope = JaxConfig.X64();
        var loader = DataLoader.Create(Jnp.Arange(3), 1).Map(_ => Jnp.Zeros(1));
        Assert.Equal(DType.F64, loader.Epoch().First().DType);
    }

    [Fact]
    public void Bad_arguments_are_explained()
    {
        var one = DataLoader.Create(Jnp.Arange(2), batchSize: 1);
        Assert.Throws<JaxArgumentException>(() => one.Epoch(int.MaxValue));
        Assert.Throws<JaxArgumentException>(() => one.Epoch(-1));
        NDArray x = Jnp.Arange(4);
        Says<ShapeException>("[0]: i32[4], [1]: i32[3]", () => DataLoader.Create((x, Jnp.Arange(3)), 1));
        Says<ShapeException>("first axis", () => DataLoader.Create(Jnp.Array(1f), 1));
        Says<JaxArgumentException>("batchSize 0", () => DataLoader.Create(x, 0));
        Says<JaxArgumentException>("prefetch -1", () => DataLoader.Create(x, 1, prefetch: -1));
        Says<JaxArgumentException>("0 arrays", () => DataLoader.Create(Array.Empty<NDArray>(), 1));
        Says<JaxArgumentException>("keep the last batch", () => DataLoader.Create(x, 5, dropLast: true));
        Says<JaxArgumentException>("no batch to give", () => DataLoader.Create(Jnp.Zeros(0), 5));
        Says<JaxArgumentException>("steps 0 to 1", () => DataLoader.Create(x, 2).Batches(new(0, 2)));
        Says<JaxArgumentException>("epoch -1", () => DataLoader.Create(x, 2).Epoch(-1));
        Says<ConcretizationException>(
            "DataLoader.Create",
            () => Jax.Jit((NDArray t) => DataLoader.Create(t, 1).Epoch().First())(x)
        );
    }

    private static void Says<TException>(string text, Func<object> action)
        where TException : Exception => Assert.Contains(text, Assert.Throws<TException>(action).Message);

    private static int Count(NDArray batch, ref int made)
    {
        GC.KeepAlive(batch);
        return Interlocked.Increment(ref made);
    }
}
