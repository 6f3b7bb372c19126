using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>The paths that modules get, for each way in which a C# class can make its children.</summary>
public sealed class NamingTests
{
    private static readonly NDArray X = jnp.Ones((1, 2));

    private sealed class InConstructor : hk.Module<NDArray, NDArray>
    {
        private readonly hk.Linear a;
        private readonly hk.Linear b;

        public InConstructor(string? name = null)
            : base(name ?? "net")
        {
            a = new hk.Linear(3);
            b = new hk.Linear(2);
        }

        protected override NDArray Forward(NDArray x) => b.Call(a.Call(x));
    }

    private sealed class InFields() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly hk.Linear a = new(3);

        private hk.Linear B { get; } = new(2);

        protected override NDArray Forward(NDArray x) => B.Call(a.Call(x));
    }

    private sealed class InCall() : hk.Module<NDArray, NDArray>("net")
    {
        protected override NDArray Forward(NDArray x) => new hk.Linear(2).Call(new hk.Linear(3).Call(x));
    }

    private sealed class InList : hk.Module<NDArray, NDArray>
    {
        private readonly List<hk.Module<NDArray, NDArray>> layers = [];

        public InList()
            : base("net")
        {
            for (int i = 0; i < 2; i++)
            {
                layers.Add(new hk.Linear(3 - i));
            }
        }

        protected override NDArray Forward(NDArray x) => layers.Aggregate(x, (y, layer) => layer.Call(y));
    }

    private sealed class InSequentialField() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly hk.Sequential layers = new(new hk.Linear(3), Nn.Relu, new hk.Linear(2));

        protected override NDArray Forward(NDArray x) => layers.Call(x);
    }

    private sealed class InSequentialOfConstructor : hk.Module<NDArray, NDArray>
    {
        private readonly hk.Sequential layers;

        public InSequentialOfConstructor()
            : base("net")
        {
            layers = new hk.Sequential(new hk.Linear(3), Nn.Relu, new hk.Linear(2));
        }

        protected override NDArray Forward(NDArray x) => layers.Call(x);
    }

    private sealed class InClosure : hk.Module<NDArray, NDArray>
    {
        private readonly Func<NDArray, NDArray> run;

        public InClosure()
            : base("net")
        {
            var a = new hk.Linear(3);
            var b = new hk.Linear(2);
            run = x => b.Call(a.Call(x));
        }

        protected override NDArray Forward(NDArray x) => run(x);
    }

    private sealed class InSetup() : hk.Module<NDArray, NDArray>("net")
    {
        private hk.Linear? a;
        private hk.Linear? b;

        protected override void Setup()
        {
            a = new hk.Linear(3);
            b = new hk.Linear(2);
        }

        protected override NDArray Forward(NDArray x) => b!.Call(a!.Call(x));
    }

    private sealed class WithObjectInitialiser() : hk.Module<NDArray, NDArray>("net")
    {
        public required hk.Linear A { get; init; }

        public required hk.Linear B { get; init; }

        protected override NDArray Forward(NDArray x) => B.Call(A.Call(x));
    }

    private sealed record Pair(hk.Linear A, hk.Linear B);

    private sealed class InRecord : hk.Module<NDArray, NDArray>
    {
        private readonly Pair pair;

        public InRecord()
            : base("net")
        {
            pair = new Pair(new hk.Linear(3), new hk.Linear(2));
        }

        protected override NDArray Forward(NDArray x) => pair.B.Call(pair.A.Call(x));
    }

    private sealed class InSetOfHolders : hk.Module<NDArray, NDArray>
    {
        private readonly HashSet<Holder> holders;
        private readonly Holder first;

        public InSetOfHolders()
            : base("net")
        {
            first = new Holder { Layer = new hk.Linear(3) };
            first.Next = new Holder { Layer = new hk.Linear(2), Previous = first };
            holders = [first.Next];
        }

        protected override NDArray Forward(NDArray x) =>
            holders.Single().Layer!.Call(holders.Single().Previous!.Layer!.Call(x));
    }

    private sealed class Holder
    {
        public Holder? Next { get; set; }

        public Holder? Previous { get; set; }

        public hk.Linear? Layer { get; set; }
    }

    public static TheoryData<string> ConstructorStyles =>
        [
            nameof(InConstructor),
            nameof(InFields),
            nameof(InList),
            nameof(InSequentialField),
            nameof(InSequentialOfConstructor),
            nameof(InClosure),
            nameof(InSetup),
            nameof(WithObjectInitialiser),
            nameof(InRecord),
            nameof(InSetOfHolders),
        ];

    [Theory]
    [MemberData(nameof(ConstructorStyles))]
    public void ChildrenOfTheConstructorStandUnderTilde(string style)
    {
        Func<hk.Module<NDArray, NDArray>> make = style switch
        {
            nameof(InConstructor) => () => new InConstructor(),
            nameof(InFields) => () => new InFields(),
            nameof(InList) => () => new InList(),
            nameof(InSequentialField) => () => new InSequentialField(),
            nameof(InSequentialOfConstructor) => () => new InSequentialOfConstructor(),
            nameof(InClosure) => () => new InClosure(),
            nameof(InSetup) => () => new InSetup(),
            nameof(WithObjectInitialiser) => () => new WithObjectInitialiser { A = new(3), B = new(2) },
            nameof(InRecord) => () => new InRecord(),
            nameof(InSetOfHolders) => () => new InSetOfHolders(),
            _ => throw new ArgumentException(style, nameof(style)),
        };
        Assert.Equal(
            [
                "net/~/linear/b f32[3]",
                "net/~/linear/w f32[2,3]",
                "net/~/linear_1/b f32[2]",
                "net/~/linear_1/w f32[3,2]",
            ],
            Paths(x => make().Call(x))
        );

        // A second one of the same kind, made before the first is called, takes the next number and keeps its own children.
        Assert.Equal(
            ["net/~/linear", "net/~/linear_1", "net_1/~/linear", "net_1/~/linear_1"],
            Modules(x =>
            {
                var (first, second) = (make(), make());
                return second.Call(first.Call(x));
            })
        );
    }

    [Fact]
    public void ChildrenOfTheCallStandRightBelow() =>
        Assert.Equal(
            ["net/linear/b f32[2]", "net/linear/w f32[3,2]", "net/linear_1/b f32[3]", "net/linear_1/w f32[2,3]"],
            Paths(x => new InCall().Call(x))
        );

    [Fact]
    public void TwoCallsShareParametersAndTwoModulesDoNot()
    {
        Assert.Equal(
            ["net/linear", "net/linear_1"],
            Modules(x =>
            {
                var net = new InCall();
                return net.Call(net.Call(x));
            })
        );
        Assert.Equal(
            ["net/linear", "net/linear_1", "net_1/linear", "net_1/linear_1"],
            Modules(x => new InCall().Call(new InCall().Call(x)))
        );
    }

    private sealed class AutoEncoder() : hk.Module<NDArray, NDArray>
    {
        public NDArray Encode(NDArray x) => Method(x, x => new hk.Linear(2).Call(x));

        public NDArray Decode(NDArray z) => Method(z, z => new hk.Linear(4).Call(z));

        protected override NDArray Forward(NDArray x) => Decode(Encode(x));
    }

    [Fact]
    public void ChildrenOfAnotherMethodStandUnderItsName() =>
        Assert.Equal(
            ["auto_encoder/~decode/linear", "auto_encoder/~encode/linear"],
            Modules(x => new AutoEncoder().Call(x))
        );

    private sealed class Wrap : hk.Module<NDArray, NDArray>
    {
        private readonly hk.Linear inner;

        public Wrap(hk.Linear inner)
        {
            this.inner = inner;
        }

        protected override NDArray Forward(NDArray x) => new hk.Linear(3).Call(inner.Call(x));
    }

    private sealed class WrapPrimary(hk.Linear inner) : hk.Module<NDArray, NDArray>("wrap")
    {
        private readonly hk.Linear own = new(3);

        protected override NDArray Forward(NDArray x) => own.Call(inner.Call(x));
    }

    [Fact]
    public void AModuleThatIsPassedKeepsItsPlace()
    {
        Assert.Equal(["linear", "wrap/linear"], Modules(x => new Wrap(new hk.Linear(2)).Call(x)));
        Assert.Equal(["linear", "wrap/~/linear"], Modules(x => new WrapPrimary(new hk.Linear(2)).Call(x)));
    }

    private sealed class Net(int depth) : hk.Module<NDArray, NDArray>
    {
        private readonly Block[] blocks = [.. Enumerable.Range(0, depth).Select(i => new Block($"block_{i}"))];

        protected override NDArray Forward(NDArray x) =>
            new hk.Linear(1, name: "out").Call(blocks.Aggregate(x, (y, block) => block.Call(y)));
    }

    private sealed class Block : hk.Module<NDArray, NDArray>
    {
        private readonly InConstructor mlp;

        public Block(string name)
            : base(name)
        {
            mlp = new InConstructor("mlp");
        }

        protected override NDArray Forward(NDArray x) => x + mlp.Call(x);
    }

    [Fact]
    public void ConstructorsNest() =>
        Assert.Equal(
            [
                "net/out",
                "net/~/block_0/~/mlp/~/linear",
                "net/~/block_0/~/mlp/~/linear_1",
                "net/~/block_1/~/mlp/~/linear",
                "net/~/block_1/~/mlp/~/linear_1",
            ],
            Modules(x => new Net(2).Call(x))
        );

    [Fact]
    public void NumbersContinueAfterExplicitOnes() =>
        Assert.Equal(
            ["fc_10", "fc_11", "fc_3", "fc_4", "fc_5"],
            Modules(x =>
            {
                foreach (string name in (string[])["fc_3", "fc", "fc_10", "fc"])
                {
                    x = new hk.Linear(2, name: name).Call(x);
                }

                return new hk.Linear(2, name: "fc_5").Call(x);
            })
        );

    [Fact]
    public void ScopesActAsModules()
    {
        Assert.Equal(
            ["a/b/linear", "a_1/linear", "a_2/linear"],
            Modules(x =>
            {
                foreach (string name in (string[])["a/b", "a", "a"])
                {
                    using (hk.NameScope(name))
                    {
                        x = new hk.Linear(2).Call(x);
                    }
                }

                return x;
            })
        );
        Assert.Equal(
            ["scope/a f32[2]", "~/a f32[2]"],
            Paths(x =>
            {
                NDArray a;
                using (hk.NameScope("scope"))
                {
                    a = hk.GetParameter("a", 2, init: jnp.Zeros);
                }

                return a + hk.GetParameter("a", 2, init: jnp.Ones);
            })
        );
        Assert.Equal(
            ["net/~/linear", "net_1/~encode/linear"],
            Modules(x =>
            {
                hk.Linear l;
                hk.Linear m;
                using (hk.NameScope("net", methodName: "__init__"))
                {
                    l = new hk.Linear(2);
                }

                using (hk.NameScope("net", methodName: "encode"))
                {
                    m = new hk.Linear(2);
                }

                return m.Call(l.Call(x));
            })
        );
    }

    private sealed class WithTransparent() : hk.Module<NDArray, NDArray>("net")
    {
        private static NDArray Layer(NDArray x) => new hk.Linear(2).Call(x);

        protected override NDArray Forward(NDArray x) => Layer(Layer(x));
    }

    private sealed class NamedLike() : hk.Module<NDArray, NDArray>("net")
    {
        private NDArray Encode(NDArray x) => Method(x, x => new hk.Linear(2).Call(x), nameLike: "Call");

        private NDArray Other(NDArray x) => Method(x, x => new hk.Linear(2).Call(x), nameLike: "Decode");

        protected override NDArray Forward(NDArray x) => Other(Encode(x));
    }

    [Fact]
    public void MethodsCanBeTransparentOrNamedLikeOthers()
    {
        Assert.Equal(["net/linear", "net/linear_1"], Modules(x => new WithTransparent().Call(x)));
        Assert.Equal(["net/linear", "net/~decode/linear"], Modules(x => new NamedLike().Call(x)));
    }

    private sealed class DeferredHead() : hk.Module<NDArray, NDArray>("net")
    {
        private readonly hk.Deferred<hk.Linear> head = new(() => new hk.Linear(2));

        protected override NDArray Forward(NDArray x) => head.Target.Call(head.Target.Call(x));
    }

    [Fact]
    public void DeferredModulesStandWhereTheyWereDeferred() =>
        Assert.Equal(["net/~/linear"], Modules(x => new DeferredHead().Call(x)));

    [Fact]
    public void ForcedNamesShareParameters() =>
        Assert.Equal(
            ["shared/linear"],
            Modules(x =>
                new hk.Linear(2, name: hk.ForceName("shared/linear")).Call(
                    new hk.Linear(2, name: hk.ForceName("shared/linear")).Call(x)
                )
            )
        );

#pragma warning disable JXS1002 // What the check refuses, as it goes without the check.
    private sealed class EarlyCall : hk.Module<NDArray, NDArray>
    {
        private readonly hk.Linear child;

        public EarlyCall()
        {
            var local = new hk.Linear(2);
            local.Call(X);
            child = local;
        }

        protected override NDArray Forward(NDArray x) => child.Call(x);
    }
#pragma warning restore JXS1002

    [Fact]
    public void CallingAModuleInAConstructorIsAnError() =>
        Assert.Contains(
            "Setup()",
            Assert.Throws<ModuleException>(() => Modules(x => new EarlyCall().Call(x))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void ClosuresOfTheCallerAreNotSearched() =>
        Assert.Equal(
            ["linear", "linear_1"],
            Modules(x =>
            {
                var first = new hk.Linear(3);
                var sequential = new hk.Sequential(y => first.Call(y));
                var second = new hk.Linear(2);
                NDArray Last(NDArray y) => second.Call(y);
                return Last(sequential.Call(x));
            })
        );

    private static string[] Paths(Func<NDArray, NDArray> f) =>
        [
            .. hk.Transform(f)
                .Init(42, X)
                .SelectMany(module =>
                    module.Value.Select(p => $"{module.Key}/{p.Key} {p.Value.DType}[{string.Join(",", p.Value.Shape)}]")
                )
                .Order(StringComparer.Ordinal),
        ];

    private static string[] Modules(Func<NDArray, NDArray> f) =>
        [.. hk.Transform(f).Init(42, X).Keys.Order(StringComparer.Ordinal)];
}
