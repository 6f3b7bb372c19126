using System;
using JaxSharp.Ir;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// A function whose reverse-mode derivative it gives itself: it returns its result and the function from the cotangent of the
    /// result to that of the argument. Forward mode is not available.
    /// </summary>
    /// <example><code>
    /// var half = CustomGradient(x => (x * x, g => g * x)); // half the gradient
    /// Grad(half)(3.0); // => 3.0
    /// </code></example>
    public static Func<NDArray, NDArray> CustomGradient(Func<NDArray, (NDArray Value, Func<NDArray, NDArray> Vjp)> fun)
    {
        Argument.Given(fun);
        return CustomVjp(
            x => fun(x).Value,
            x =>
            {
                var (value, vjp) = fun(x);
                return (value, Staging.StageClosed(ct => [vjp(ct[0])], [value.Type]));
            },
            ((Jaxpr Program, NDArray[] Captured) r, NDArray ct) => Staging.Evaluate(r.Program, [.. r.Captured, ct])[0]
        );
    }

    /// <inheritdoc cref="CustomGradient(Func{NDArray, ValueTuple{NDArray, Func{NDArray, NDArray}}})"/>
    public static Func<NDArray, NDArray, NDArray> CustomGradient(
        Func<NDArray, NDArray, (NDArray Value, Func<NDArray, (NDArray, NDArray)> Vjp)> fun
    )
    {
        Argument.Given(fun);
        return CustomVjp(
            (x, y) => fun(x, y).Value,
            (NDArray x, NDArray y) =>
            {
                var (value, vjp) = fun(x, y);
                return (
                    value,
                    Staging.StageClosed(
                        ct =>
                        {
                            var (dx, dy) = vjp(ct[0]);
                            return [dx, dy];
                        },
                        [value.Type]
                    )
                );
            },
            ((Jaxpr Program, NDArray[] Captured) r, NDArray ct) =>
            {
                var cotangents = Staging.Evaluate(r.Program, [.. r.Captured, ct]);
                return (cotangents[0], cotangents[1]);
            }
        );
    }

    /// <summary>Waits until values are computed. They always are when a call returns; the function is here for programs that expect it.</summary>
    public static T BlockUntilReady<T>(T x) => x;
}
