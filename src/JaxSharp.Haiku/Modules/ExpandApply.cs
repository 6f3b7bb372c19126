using System;
using JaxSharp.Numpy;
using JaxSharp.Trees;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The function with an axis of extent 1 put into its argument and taken out of its result: what works on a batch then works on one
    /// example. Argument and result are arrays or trees of arrays.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="axis">Where the axis is put: 0 for the first, −1 for the last.</param>
    /// <exception cref="AxisException">The axis is another one.</exception>
    public static Func<TIn, TOut> ExpandApply<TIn, TOut>(Func<TIn, TOut> f, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(f);
        return axis is 0 or -1
            ? inputs => Tree.Map(x => Jnp.Squeeze(x, axis), f(Tree.Map(x => Jnp.ExpandDims(x, axis), inputs)))
            : throw new AxisException($"Hk.ExpandApply takes axis 0 or -1; got {axis}.");
    }

    /// <summary>The same for a module.</summary>
    /// <inheritdoc cref="ExpandApply{TIn, TOut}(Func{TIn, TOut}, int)"/>
    public static Func<TIn, TOut> ExpandApply<TIn, TOut>(Module<TIn, TOut> f, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(f);
        return ExpandApply<TIn, TOut>(f.Call, axis);
    }
}
