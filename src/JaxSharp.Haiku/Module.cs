using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Something with parameters. Derive from <see cref="Module{TIn, TOut}"/> (or its siblings with more arguments) and override
    /// <c>Forward</c>; call modules by <c>Call</c>. Modules exist inside of transformed functions only.
    /// <para>
    /// A module's path is the path of the module whose method made it, then its own name: the name given to the constructor or that of
    /// its class in snake case, numbered when it was used before. Modules that a constructor makes and keeps in fields, properties or
    /// collections stand under <c>~</c>: <c>net/~/linear</c>. Those made by <c>Forward</c> stand right below: <c>net/linear</c>. Those
    /// made by another method that runs through <see cref="Method{TIn, TOut}"/> stand under its name: <c>net/~encode/linear</c>.
    /// </para>
    /// </summary>
    public abstract class Module : IScopeMember
    {
        private readonly Registration registration;
        private readonly HashSet<string> called = [];
        private bool isUsed;
        private Exception? setupError;

        /// <summary>Registers the module under a name.</summary>
        /// <param name="name">The name; by default that of the class in snake case.</param>
        /// <exception cref="ModuleException">No transformed function runs, or the name is no identifier.</exception>
        protected Module(ScopeName? name = null)
        {
            GivenName = name;
            string type = ClassName;
            name ??= Names.SnakeCase(type);
            if (!name.IsForced && !Names.IsIdentifier(name.Value))
            {
                throw new ModuleException(
                    $"'{name}' is no name for a {type}: letters, digits and underscores are allowed, and no digit first. For a path with "
                        + "slashes use Hk.NameScope or Hk.ForceName."
                );
            }

            registration = HaikuContext.Require($"new {type}").Register(this, name);
            registration.ClaimFieldInitialisers();
        }

        /// <summary>The path of the module: where its parameters stand.</summary>
        public string ModuleName => registration.Path;

        /// <summary>The last component of the path.</summary>
        public string Name => ModuleName[(ModuleName.LastIndexOf('/') + 1)..];

        Registration IScopeMember.Registration => registration;

        /// <summary>The run that made the module.</summary>
        internal HaikuContext Context => registration.Context;

        /// <summary>The name of the class in Haiku.</summary>
        internal virtual string ClassName => Names.OfType(GetType());

        /// <summary>The name that the constructor got; null for none.</summary>
        internal ScopeName? GivenName { get; }

        /// <summary>
        /// The parameters of this module, of those below it and of others that its methods have called, by path and name:
        /// <c>mlp/~/linear_0/w</c>.
        /// </summary>
        public OrderedDictionary<string, NDArray> ParamsDict() =>
            Below(HaikuContext.Require("Module.ParamsDict").Parameters);

        /// <summary>The state of this module, of those below it and of others that its methods have called, by path and name.</summary>
        public OrderedDictionary<string, object> StateDict() =>
            Below(HaikuContext.Require("Module.StateDict").State.Current());

        /// <summary>The class and the arguments of the constructor that differ from their defaults, as in Haiku.</summary>
        public override string ToString() => ModuleText.Of(this);

        /// <summary>
        /// Runs once, before the first call of the module, as a part of its constructor. What a constructor must do besides making modules
        /// and keeping them in fields belongs here: making parameters, calling modules, asking for names.
        /// </summary>
        protected virtual void Setup() { }

        /// <summary>
        /// Runs the body of a method of this module. While it runs, parameters are this module's and new modules stand below it, under the
        /// name of the method. <c>Call</c> of the base classes does this for <c>Forward</c>; other methods that make modules or
        /// parameters do it themselves. A method that does not is transparent: what it makes belongs to the method that calls it.
        /// </summary>
        /// <param name="inputs">The arguments: one value, or a tuple. Interceptors and mixed precision see them.</param>
        /// <param name="body">The body.</param>
        /// <param name="nameLike">A method under whose name new modules stand instead: <c>"Call"</c> or <c>"__call__"</c> for none.</param>
        /// <param name="method">The name of the method, given by the compiler.</param>
        /// <example><code>
        /// public sealed class AutoEncoder() : hk.Module&lt;NDArray, NDArray&gt;
        /// {
        ///     public NDArray Encode(NDArray x) => Method(x, x => new hk.Linear(2).Call(x)); // auto_encoder/~encode/linear
        ///
        ///     protected override NDArray Forward(NDArray x) => new hk.Linear(4).Call(Encode(x)); // auto_encoder/linear
        /// }
        /// </code></example>
        protected TOut Method<TIn, TOut>(
            TIn inputs,
            Func<TIn, TOut> body,
            string? nameLike = null,
            [CallerMemberName] string method = ""
        )
        {
            ArgumentNullException.ThrowIfNull(body);
            var context = HaikuContext.Require($"{ClassName}.{method}");
            BeginUse(context);
            foreach (var caller in context.Scopes)
            {
                caller.Module?.called.Add(ModuleName);
            }

            using var scope = context.Enter(Scope.OfMethod(ModuleName, this, nameLike ?? method));
            return Interceptors.Run(this, method, inputs, MixedPrecision.Around(this, body));
        }

        private OrderedDictionary<string, T> Below<T>(OrderedDictionary<string, OrderedDictionary<string, T>> all)
        {
            var result = new OrderedDictionary<string, T>();
            foreach (var (path, group) in all)
            {
                foreach (var (name, value) in group)
                {
                    if (IsBelow(path))
                    {
                        result[$"{path}/{name}"] = value;
                    }
                }
            }

            return result;
        }

        private bool IsBelow(string path) =>
            path == ModuleName || path.StartsWith(ModuleName + "/", StringComparison.Ordinal) || called.Contains(path);

        private void BeginUse(HaikuContext context)
        {
            if (setupError is not null)
            {
                throw new ModuleException(
                    $"{ClassName} was called, but its Setup had failed at an earlier call ({setupError.GetType().Name}: {setupError.Message}), so it is not complete. "
                        + "Setup runs once: make a new module, or let the exception end the function."
                );
            }

            if (isUsed)
            {
                return;
            }

            isUsed = true;
            _ = ModuleName;
            registration.CheckConstruction();
            try
            {
                using var scope = context.Enter(registration.ConstructorScope);
                Setup();
            }
            catch (Exception error)
            {
                setupError = error;
                throw;
            }
        }
    }

    /// <summary>A module that is called with one argument.</summary>
    /// <example><code>
    /// public sealed class Net() : hk.Module&lt;NDArray, NDArray&gt;
    /// {
    ///     private readonly hk.Linear hidden = new(128), logits = new(10);
    ///
    ///     protected override NDArray Forward(NDArray x) => logits.Call(Nn.Relu(hidden.Call(x)));
    /// }
    /// </code></example>
    public abstract class Module<TIn, TOut>(ScopeName? name = null) : Module(name)
    {
        /// <summary>The module as a function.</summary>
        public static implicit operator Func<TIn, TOut>(Module<TIn, TOut> module) =>
            Argument.Given(module, caller: nameof(Module)).Call;

        /// <summary>Calls the module.</summary>
        public TOut Call(TIn inputs) => Method(inputs, Forward);

        /// <summary>What the module computes. Call it through <see cref="Call"/>.</summary>
        protected abstract TOut Forward(TIn inputs);
    }

    /// <summary>A module that is called with two arguments.</summary>
    public abstract class Module<T1, T2, TOut>(ScopeName? name = null) : Module(name)
    {
        /// <summary>The module as a function.</summary>
        public static implicit operator Func<T1, T2, TOut>(Module<T1, T2, TOut> module) =>
            Argument.Given(module, caller: nameof(Module)).Call;

        /// <summary>Calls the module.</summary>
        public TOut Call(T1 first, T2 second) => Method((first, second), a => Forward(a.first, a.second));

        /// <summary>What the module computes. Call it through <see cref="Call"/>.</summary>
        protected abstract TOut Forward(T1 first, T2 second);
    }

    /// <summary>A module that is called with three arguments.</summary>
    public abstract class Module<T1, T2, T3, TOut>(ScopeName? name = null) : Module(name)
    {
        /// <summary>The module as a function.</summary>
        public static implicit operator Func<T1, T2, T3, TOut>(Module<T1, T2, T3, TOut> module) =>
            Argument.Given(module, caller: nameof(Module)).Call;

        /// <summary>Calls the module.</summary>
        public TOut Call(T1 first, T2 second, T3 third) =>
            Method((first, second, third), a => Forward(a.first, a.second, a.third));

        /// <summary>What the module computes. Call it through <see cref="Call"/>.</summary>
        protected abstract TOut Forward(T1 first, T2 second, T3 third);
    }
}
