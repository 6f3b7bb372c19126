using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests.Programs;

/// <summary>Recorded programs that Haiku refuses, of control flow, lifting and state.</summary>
/// <remarks>
/// Three that are recorded have no counterpart, because C# has no way to write them as they are:
/// <c>errors/super constructor not called</c> (the constructor of the base class always runs),
/// <c>errors/parameter before super constructor</c> (it runs before the body; only field initialisers come earlier) and
/// <c>errors/layer_stack varargs</c> (the function is a delegate, whose arguments are fixed).
/// </remarks>
public sealed class RefusedPrograms : HaikuPrograms
{
    [Fact]
    public void WhileLoopAtInit() =>
        Refused<ModuleException>(
            "errors/while_loop at init",
            () => hk.Transform((NDArray x) => hk.WhileLoop(c => c < 3, c => c + 1, 0)).Init(null, 1),
            "Hk.WhileLoop",
            "hk.RunningInit()"
        );

    [Fact]
    public void LiftNameReused()
    {
        var inner = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
        Refused<ParameterException>(
            "errors/lift name reused",
            () =>
                hk.Transform(
                        (NDArray x) =>
                        {
                            hk.TransparentLift(inner)(hk.NextRngKey(), x);
                            hk.TransparentLift(inner)(hk.NextRngKey(), x);
                            return x;
                        }
                    )
                    .Init(0, jnp.Ones((1, 2))),
            "'linear'",
            "allowReuse"
        );
    }

    [Fact]
    public void LiftWithStateUpdaterUnused()
    {
        var inner = hk.TransformWithState((NDArray x) => new hk.Linear(2).Call(x));
        Refused<ModuleException>(
            "errors/lift_with_state updater unused",
            () =>
                hk.Transform(
                        (NDArray x) =>
                        {
                            hk.LiftWithState(inner).Init(hk.NextRngKey(), x);
                            return x;
                        }
                    )
                    .Init(0, jnp.Ones((1, 2))),
            "Update",
            "IgnoreUpdate"
        );
    }

    [Fact]
    public void SetStateOutsideOfTransform() =>
        Refused<ModuleException>(
            "errors/set_state outside transform",
            () => hk.SetState("s", (NDArray)1),
            "Hk.SetState",
            "Hk.Transform"
        );

    [Fact]
    public void MissingRng()
    {
        Refused<MissingRNGException>(
            "errors/missing rng in init",
            () => hk.Transform((NDArray x) => new hk.Linear(2).Call(x)).Init(null, jnp.Ones((1, 2)))
        );
        Refused<MissingRNGException>(
            "errors/missing rng in apply",
            () => hk.Transform(() => hk.NextRngKey()).Apply([], null),
            "Hk.NextRngKey"
        );
    }

    [Fact]
    public void MissingParameters()
    {
        var linear = hk.Transform((NDArray x) => new hk.Linear(2).Call(x));
        Refused<ParameterException>(
            "errors/missing parameter in apply",
            () => linear.Apply([], 0, jnp.Ones((1, 2))),
            "'w'",
            "'linear'"
        );
        Refused<ParameterException>(
            "errors/missing parameter in apply without rng",
            () => linear.Apply([], null, jnp.Ones((1, 2))),
            "'w'",
            "'linear'"
        );
        Refused<ParameterException>(
            "errors/no initialiser",
            () => hk.Transform(() => hk.GetParameter("w", 2)).Init(null),
            "'~/w'"
        );
        Refused<ParameterException>(
            "errors/get_state missing without init",
            () => hk.TransformWithState(() => hk.GetState("s")).Init(null),
            "'~/s'"
        );
    }
}
