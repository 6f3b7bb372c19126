using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests.Programs;

/// <summary>Recorded programs about the paths of modules that the user writes.</summary>
public sealed class NamingPrograms : HaikuPrograms
{
    private sealed class InConstructor() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly hk.Linear a = new(3);
        private readonly hk.Linear b = new(2);

        protected override NDArray Forward(NDArray x) => b.Call(a.Call(x));
    }

    private sealed class InCall() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x)
        {
            var last = new hk.Linear(2);
            return last.Call(new hk.Linear(3).Call(x));
        }
    }

    private sealed class AutoEncoder : hk.Module<NDArray, NDArray>
    {
        public NDArray Encode(NDArray x) => Method(x, x => new hk.Linear(2).Call(x));

        public NDArray Decode(NDArray z) => Method(z, z => new hk.Linear(4).Call(z));

        protected override NDArray Forward(NDArray x) => Decode(Encode(x));
    }

    private sealed class WithPrivateMethod() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x) => Block(Block(x));

        private NDArray Block(NDArray x) =>
            Method(
                x,
                x =>
                {
                    var last = new hk.Linear(2);
                    return last.Call(new hk.Linear(3).Call(x));
                },
                nameLike: "_block"
            );
    }

    private sealed class OneLinear() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x) => new hk.Linear(2).Call(x);
    }

    private sealed class Wrap(hk.Linear inner) : hk.Module<NDArray, NDArray>
    {
        protected override NDArray Forward(NDArray x)
        {
            var outer = new hk.Linear(3);
            return outer.Call(inner.Call(x));
        }
    }

    private sealed class Head(hk.Nets.MLP torso, string name) : hk.Module<NDArray, NDArray>(name)
    {
        protected override NDArray Forward(NDArray x) => new hk.Linear(1).Call(torso.Call(x));
    }

    private sealed class ByName() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly Dictionary<string, hk.Linear> layers = new[] { "query", "key", "value" }.ToDictionary(
            name => name,
            name => new hk.Linear(2, name: name)
        );

        protected override NDArray Forward(NDArray x) =>
            layers.Values.Select(layer => layer.Call(x)).Aggregate((a, b) => a + b);
    }

    private sealed class Transparent() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x) => Layer(Layer(x));

        [hk.Transparent]
        private static NDArray Layer(NDArray x) => new hk.Linear(2).Call(x);
    }

    private sealed class NamedLike() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x) => Other(Encode(x));

        private NDArray Encode(NDArray x) => Method(x, x => new hk.Linear(2).Call(x), nameLike: "__call__");

        private NDArray Other(NDArray x) => Method(x, x => new hk.Linear(2).Call(x), nameLike: "decode");
    }

    private sealed class WithDeferred() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly hk.Deferred<hk.Linear> head = new(() => new hk.Linear(2));

        protected override NDArray Forward(NDArray x) => head.Target.Call(head.Target.Call(x));
    }

    private class Base(string? name = null) : hk.Module<NDArray, NDArray>(name)
    {
        protected override NDArray Forward(NDArray x) => new hk.Linear(2).Call(x);
    }

    // The call of the base class is a visit of its own in Haiku, which counts names from the start again.
    private sealed class Derived() : Base("b")
    {
        protected override NDArray Forward(NDArray x)
        {
            var y = Method(x, base.Forward, nameLike: "Call");
            return new hk.Linear(2).Call(y);
        }
    }

    [Theory]
    [InlineData("children in init")]
    [InlineData("children in call")]
    [InlineData("children in another method")]
    [InlineData("private method")]
    [InlineData("two instances")]
    [InlineData("module passed to another")]
    [InlineData("shared module")]
    [InlineData("dict of modules with names")]
    [InlineData("transparent")]
    [InlineData("name_like")]
    [InlineData("Deferred")]
    [InlineData("inheritance with super call")]
    public void PathsAgree(string program) =>
        Check(
            $"naming/{program}",
            () =>
                program switch
                {
                    "children in init" => Paths((NDArray x) => new InConstructor().Call(x), jnp.Ones((2, 4))),
                    "children in call" => Paths((NDArray x) => new InCall().Call(x), jnp.Ones((2, 4))),
                    "children in another method" => Paths((NDArray x) => new AutoEncoder().Call(x), jnp.Ones((2, 4))),
                    "private method" => Paths((NDArray x) => new WithPrivateMethod().Call(x), jnp.Ones((2, 2))),
                    "two instances" => Paths(
                        (NDArray x) =>
                        {
                            var outer = new OneLinear();
                            return outer.Call(new OneLinear().Call(x));
                        },
                        jnp.Ones((2, 2))
                    ),
                    "module passed to another" => Paths(
                        (NDArray x) => new Wrap(new hk.Linear(2)).Call(x),
                        jnp.Ones((1, 4))
                    ),
                    "shared module" => Paths(
                        (NDArray x) =>
                        {
                            var torso = new hk.Nets.MLP([3, 2], name: "torso");
                            return new Head(torso, "left").Call(x) + new Head(torso, "right").Call(x);
                        },
                        jnp.Ones((1, 4))
                    ),
                    "dict of modules with names" => Paths((NDArray x) => new ByName().Call(x), jnp.Ones((1, 2))),
                    "transparent" => Paths((NDArray x) => new Transparent().Call(x), jnp.Ones((1, 2))),
                    "name_like" => Paths((NDArray x) => new NamedLike().Call(x), jnp.Ones((1, 2))),
                    "Deferred" => Paths((NDArray x) => new WithDeferred().Call(x), jnp.Ones((1, 2))),
                    "inheritance with super call" => Paths((NDArray x) => new Derived().Call(x), jnp.Ones((1, 2))),
                    _ => throw new ArgumentOutOfRangeException(nameof(program)),
                }
        );

    private sealed class ResidualBlock(int width, string name) : hk.Module<NDArray, NDArray>(name)
    {
        private readonly hk.LayerNorm norm = new(-1, createScale: true, createOffset: true);
        private readonly hk.Nets.MLP mlp = new([2 * width, width]);

        protected override NDArray Forward(NDArray x) => x + mlp.Call(norm.Call(x));
    }

    private sealed class ResidualNet(int depth, int width) : hk.Module<NDArray, NDArray>("net")
    {
        private readonly ResidualBlock[] blocks =
        [
            .. Enumerable.Range(0, depth).Select(i => new ResidualBlock(width, name: $"block_{i}")),
        ];

        protected override NDArray Forward(NDArray x) =>
            new hk.Linear(1, name: "out").Call(blocks.Aggregate(x, (y, block) => block.Call(y)));
    }

    [Fact]
    public void ResidualNetwork() =>
        Check("naming/residual network", () => Paths((NDArray x) => new ResidualNet(3, 2).Call(x), jnp.Ones((1, 2))));

    private sealed class Stacked() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x)
        {
            NDArray Layer(NDArray x)
            {
                var norm = new hk.LayerNorm(-1, createScale: true, createOffset: true);
                return x + norm.Call(new hk.Linear(2).Call(x));
            }

            return hk.LayerStack(4, Layer)(x);
        }
    }

    [Fact]
    public void LayerStackInAModule() =>
        Check("naming/layer_stack in a module", () => Paths((NDArray x) => new Stacked().Call(x), jnp.Ones((1, 2))));

    private sealed class Inner(List<string> names) : hk.Module<NDArray, NDArray>
    {
        protected override NDArray Forward(NDArray x)
        {
            names.Add(hk.CurrentName());
            return x;
        }
    }

    private sealed class Outer(List<string> names) : hk.Module<NDArray, NDArray>
    {
        private readonly Inner inner = new(names);

        protected override void Setup() => names.Add(hk.CurrentName());

        protected override NDArray Forward(NDArray x)
        {
            names.Add(hk.CurrentName());
            return Helper(inner.Call(x));
        }

        private NDArray Helper(NDArray x) =>
            Method(
                x,
                x =>
                {
                    names.Add(hk.CurrentName());
                    return new Inner(names).Call(x);
                }
            );
    }

    [Fact]
    public void CurrentName() =>
        Check(
            "naming/current_name",
            () =>
            {
                var names = new List<string>();
                hk.Transform(
                        (NDArray x) =>
                        {
                            names.Add(hk.CurrentName());
                            x = new Outer(names).Call(x);
                            using (hk.NameScope("s"))
                            {
                                names.Add(hk.CurrentName());
                            }

                            return x;
                        }
                    )
                    .Init(null, 0);
                return names;
            }
        );

    private sealed class Named(string? name) : hk.Module<NDArray, NDArray>(name ?? "inner")
    {
        protected override NDArray Forward(NDArray x) => x;
    }

    private sealed class OfTwo() : hk.Module<NDArray, NDArray>("outer")
    {
        public Named First { get; } = new(null);

        public Named Second { get; } = new("x");

        protected override NDArray Forward(NDArray x) => x;
    }

    [Fact]
    public void ModuleNameAndName() =>
        Check(
            "naming/module_name and name",
            () =>
            {
                string[][] names = [];
                hk.Transform(() =>
                    {
                        var outer = new OfTwo();
                        names =
                        [
                            [outer.ModuleName, outer.Name],
                            [outer.First.ModuleName, outer.First.Name],
                            [outer.Second.ModuleName, outer.Second.Name],
                        ];
                        return 0;
                    })
                    .Init(null);
                return names;
            }
        );

    private sealed class TwiceTheSame() : hk.Module<NDArray, NDArray>("m")
    {
        protected override NDArray Forward(NDArray x) =>
            hk.GetParameter("w", 2, init: jnp.Zeros)
            + hk.GetParameter("w", 2, init: jnp.Ones)
            + hk.GetParameter("b", Shape.Scalar, DType.BF16, jnp.Ones).AsType(DType.F32);
    }

    [Fact]
    public void GetParameterTwiceInAModule() =>
        Check(
            "naming/get_parameter twice in a module",
            () =>
                hk.Transform((NDArray x) => new TwiceTheSame().Call(x))
                    .Init(null, 0)
                    .SelectMany(module => module.Value.Select(p => Line(module.Key, p.Key, p.Value)))
                    .ToList()
        );

    [Fact]
    public void ElevenLinearsSortOrder() =>
        Check(
            "naming/eleven linears sort order",
            () =>
            {
                var parameters = hk.Transform(
                        (NDArray x) => Enumerable.Range(0, 12).Aggregate(x, (y, _) => new hk.Linear(1).Call(y))
                    )
                    .Init(42, jnp.Ones((1, 1)));
                return new object[]
                {
                    parameters.Keys.ToList(),
                    parameters
                        .OrderBy(module => module.Key, StringComparer.Ordinal)
                        .SelectMany(module => module.Value.Keys.Order().Select(name => $"['{module.Key}']['{name}']"))
                        .ToList(),
                };
            }
        );

    [Fact]
    public void SnakeCaseOfClassNames() =>
        Check(
            "naming/snake case of class names",
            () =>
                new[]
                {
                    "Linear",
                    "MLP",
                    "LSTM",
                    "Conv2D",
                    "Conv2DTranspose",
                    "Conv2DLSTM",
                    "RMSNorm",
                    "ResNet50",
                    "MobileNetV1",
                    "VectorQuantizerEMA",
                    "MyNetV2Block",
                    "ABTest",
                    "A",
                    "HTTPServer2Go",
                    "_Private",
                    "Already_Snake",
                    "X1Y2",
                    "Conv1x1",
                }
                    .Select(Names.SnakeCase)
                    .ToList()
        );

    private static string Line(string path, string name, NDArray value) =>
        value.Ndim == 0
            ? $"{path}/{name} {value.DType.LongName}[] {(double)value:0.0}"
            : $"{path}/{name} {value.DType.LongName}[{value.Shape[0]}] [{string.Join(", ", value.AsType(DType.F32).ToArray<float>().Select(v => $"{v:0.0}"))}]";
}
