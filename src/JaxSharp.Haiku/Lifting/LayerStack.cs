using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A stack of layers as a function.</summary>
    /// <param name="x">What the first layer takes.</param>
    /// <param name="reverse">Whether the layers run from the last to the first.</param>
    public delegate T LayerStackFunction<T>(T x, bool reverse = false);

    /// <summary>A stack of layers with inputs for each layer as a function; also gives the results of the layers, stacked.</summary>
    /// <param name="x">What the first layer takes.</param>
    /// <param name="ys">Inputs for each layer along axis 0.</param>
    /// <param name="reverse">Whether the layers run from the last to the first.</param>
    public delegate (T X, TZ Zs) LayerStackFunction<T, TY, TZ>(T x, TY ys, bool reverse = false);

    /// <summary>
    /// Layers one after the other, each with parameters of its own, as one loop: deep networks compile as fast as one layer. Parameters
    /// are stacked along axis 0 under the name of the stack.
    /// </summary>
    /// <param name="numLayers">The number of layers.</param>
    /// <param name="f">One layer: gives what it takes, of the same shape and type.</param>
    /// <param name="unroll">How many layers JAX would write out in one round of the loop; no effect on results.</param>
    /// <param name="transparencyMap">Gives the layers names of their own, so that their parameters are kept one by one and not stacked.</param>
    /// <param name="name">The name of the stack: <c>__layer_stack_no_per_layer</c> by default, or <c>__layer_stack_with_per_layer</c>.</param>
    /// <exception cref="JaxArgumentException">The number of layers is smaller than 1.</exception>
    /// <exception cref="ShapeException">Inputs for each layer have another size along axis 0.</exception>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) => hk.LayerStack(10, x => Nn.Relu(new hk.Linear(4).Call(x)))(x));
    /// network.Init(42, jnp.Ones((1, 4)))["__layer_stack_no_per_layer/linear"]["w"].Shape; // => (10,4,4)
    /// </code></example>
    [OverloadResolutionPriority(1)]
    public static LayerStackFunction<NDArray> LayerStack(
        int numLayers,
        Func<NDArray, NDArray> f,
        int unroll = 1,
        LayerStackTransparencyMapping? transparencyMap = null,
        string? name = null
    ) => LayerStack<NDArray>(numLayers, f, unroll, transparencyMap, name);

    /// <inheritdoc cref="LayerStack(int, Func{NDArray, NDArray}, int, LayerStackTransparencyMapping, string)"/>
    public static LayerStackFunction<T> LayerStack<T>(
        int numLayers,
        Func<T, T> f,
        int unroll = 1,
        LayerStackTransparencyMapping? transparencyMap = null,
        string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        var stack = new LayerStacking(numLayers, unroll, transparencyMap, name ?? "__layer_stack_no_per_layer");
        return (x, reverse) => stack.Run<T, NDArray?, NDArray?>((c, _, _) => (f(c), null), x, null, reverse).X;
    }

    /// <summary>The same with a layer function that is told whether the layers run from the last to the first.</summary>
    /// <inheritdoc cref="LayerStack(int, Func{NDArray, NDArray}, int, LayerStackTransparencyMapping, string)"/>
    public static LayerStackFunction<T> LayerStack<T>(
        int numLayers,
        Func<T, bool, T> f,
        int unroll = 1,
        LayerStackTransparencyMapping? transparencyMap = null,
        string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        var stack = new LayerStacking(numLayers, unroll, transparencyMap, name ?? "__layer_stack_no_per_layer");
        return (x, reverse) =>
            stack.Run<T, NDArray?, NDArray?>((c, _, backwards) => (f(c, backwards), null), x, null, reverse).X;
    }

    /// <summary>The same with inputs and results for each layer: the layer function takes a slice of them and gives a pair.</summary>
    /// <inheritdoc cref="LayerStack(int, Func{NDArray, NDArray}, int, LayerStackTransparencyMapping, string)"/>
    [OverloadResolutionPriority(1)]
    public static LayerStackFunction<NDArray, NDArray, NDArray> LayerStack(
        int numLayers,
        Func<NDArray, NDArray, (NDArray X, NDArray Z)> f,
        int unroll = 1,
        LayerStackTransparencyMapping? transparencyMap = null,
        string? name = null
    ) => LayerStack<NDArray, NDArray, NDArray>(numLayers, f, unroll, transparencyMap, name);

    /// <summary>The same with inputs and results for each layer: the layer function takes a slice of them and gives a pair.</summary>
    /// <inheritdoc cref="LayerStack(int, Func{NDArray, NDArray}, int, LayerStackTransparencyMapping, string)"/>
    public static LayerStackFunction<T, TY, TZ> LayerStack<T, TY, TZ>(
        int numLayers,
        Func<T, TY, (T X, TZ Z)> f,
        int unroll = 1,
        LayerStackTransparencyMapping? transparencyMap = null,
        string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(f);
        var stack = new LayerStacking(numLayers, unroll, transparencyMap, name ?? "__layer_stack_with_per_layer");
        return (x, ys, reverse) => stack.Run<T, TY, TZ>((c, y, _) => f(c, y), x, ys, reverse);
    }
}
