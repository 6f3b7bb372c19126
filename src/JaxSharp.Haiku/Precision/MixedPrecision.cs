using System;
using System.Collections.Generic;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Modules that compute in another element type than they keep their parameters in. A policy belongs to a class of modules, on the
    /// running thread, and holds for all that their methods call; that of an inner module comes before that of an outer one.
    /// </summary>
    /// <example><code>
    /// var policy = hk.MixedPrecision.Policy.Parse("params=float32,compute=bfloat16,output=float32");
    /// using (hk.MixedPrecision.PushPolicy&lt;hk.Linear&gt;(policy))
    /// {
    ///     NDArray result = new hk.Linear(2).Call(x); // f32 parameters, a product of bf16, an f32 result
    /// }
    /// </code></example>
    public static partial class MixedPrecision
    {
        [ThreadStatic]
        private static Dictionary<Type, Policy>? policies;

        [ThreadStatic]
        private static Stack<Policy>? active;

        /// <summary>The policy of the innermost running module that has one; null for none.</summary>
        public static Policy? CurrentPolicy => active is { Count: > 0 } ? active.Peek() : null;

        /// <summary>The policy of a class of modules; null for none.</summary>
        public static Policy? GetPolicy<TModule>()
            where TModule : Module => GetPolicy(typeof(TModule));

        /// <inheritdoc cref="GetPolicy{TModule}"/>
        public static Policy? GetPolicy(Type cls)
        {
            Argument.Given(cls);
            return policies?.GetValueOrDefault(cls);
        }

        /// <summary>Gives a class of modules a policy.</summary>
        public static void SetPolicy<TModule>(Policy policy)
            where TModule : Module => SetPolicy(typeof(TModule), policy);

        /// <inheritdoc cref="SetPolicy{TModule}"/>
        /// <exception cref="ModuleException">The class is no module.</exception>
        public static void SetPolicy(Type cls, Policy policy)
        {
            ArgumentNullException.ThrowIfNull(policy);
            if (!typeof(Module).IsAssignableFrom(cls))
            {
                throw new ModuleException(
                    $"Hk.MixedPrecision.SetPolicy: {cls?.Name ?? "null"} is no class of modules; give one that derives from Hk.Module."
                );
            }

            (policies ??= [])[cls] = policy;
        }

        /// <summary>Takes the policy of a class of modules away.</summary>
        public static void ClearPolicy<TModule>()
            where TModule : Module => ClearPolicy(typeof(TModule));

        /// <inheritdoc cref="ClearPolicy{TModule}"/>
        public static void ClearPolicy(Type cls)
        {
            Argument.Given(cls);
            policies?.Remove(cls);
        }

        /// <summary>Gives a class of modules a policy until the returned scope is disposed.</summary>
        public static IDisposable PushPolicy<TModule>(Policy policy)
            where TModule : Module
        {
            Argument.Given(policy);
            return PushPolicy(typeof(TModule), policy);
        }

        /// <inheritdoc cref="PushPolicy{TModule}"/>
        /// <exception cref="ModuleException">A method of a module of the class is running, or the class is no module.</exception>
        public static IDisposable PushPolicy(Type cls, Policy policy)
        {
            Argument.Given(cls);
            Argument.Given(policy);
            if (HaikuContext.Current?.Scope.Module?.GetType() == cls)
            {
                throw new ModuleException(
                    $"Hk.MixedPrecision.PushPolicy: a method of {cls.Name} is running, for which it comes too late. Push the policy around "
                        + "the call of the module."
                );
            }

            var before = GetPolicy(cls);
            SetPolicy(cls, policy);
            return new Ending(() =>
            {
                if (before is null)
                {
                    ClearPolicy(cls);
                }
                else
                {
                    SetPolicy(cls, before);
                }
            });
        }

        /// <summary>The body of a method under the policy of its module.</summary>
        internal static Func<TIn, TOut> Around<TIn, TOut>(Module module, Func<TIn, TOut> body) =>
            GetPolicy(module.GetType()) is { } policy ? inputs => Run(policy, inputs, body) : body;

        private static TOut Run<TIn, TOut>(Policy policy, TIn inputs, Func<TIn, TOut> body)
        {
            active ??= new();
            bool isOutermost = active.Count == 0;
            active.Push(policy);
            var creator = isOutermost ? CustomCreator(Create) : null;
            var getter = isOutermost ? CustomGetter(Get, state: true) : null;
            try
            {
                return policy.CastToOutput(body(policy.CastToCompute(inputs)));
            }
            finally
            {
                active.Pop();
                try
                {
                    getter?.Dispose();
                }
                finally
                {
                    creator?.Dispose();
                }
            }
        }

        private static NDArray Create(
            Func<Shape, DType, Initializer?, NDArray> next,
            Shape shape,
            DType dtype,
            Initializer? init,
            ParamContext context
        ) => next(shape, CurrentPolicy!.ParamDType, init);

        private static NDArray Get(Func<NDArray, NDArray> next, NDArray value, ParamContext context) =>
            next(CurrentPolicy!.CastToCompute(value));
    }
}
