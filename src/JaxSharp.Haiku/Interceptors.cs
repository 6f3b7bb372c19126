using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Stands between the caller of a module's method and the method.</summary>
    /// <param name="next">Calls the next interceptor, or the method, with the arguments.</param>
    /// <param name="inputs">The arguments of the method: one value, or a tuple.</param>
    /// <param name="context">The module and the method.</param>
    /// <returns>The result; of the type that the method gives.</returns>
    public delegate object? MethodInterceptor(Func<object?, object?> next, object? inputs, MethodContext context);

    /// <summary>Tells an interceptor what it intercepts.</summary>
    /// <param name="Module">The module.</param>
    /// <param name="MethodName">The name of the method as the class declares it: <c>Call</c>, <c>Encode</c>.</param>
    public sealed record MethodContext(Module Module, string MethodName);

    /// <summary>Lets a function see every call of a method of a module, until the returned scope is disposed; outer ones come first.</summary>
    /// <example><code>
    /// using (hk.InterceptMethods((next, inputs, context) => next(inputs)))
    /// {
    ///     new hk.Linear(2).Call(x);
    /// }
    /// </code></example>
    public static IDisposable InterceptMethods(MethodInterceptor interceptor) =>
        Interceptors.Active.Push(Argument.Given(interceptor));
}

/// <summary>Runs methods of modules through the interceptors in force.</summary>
internal static class Interceptors
{
    [ThreadStatic]
    private static Hooks<Hk.MethodInterceptor>? active;

    public static Hooks<Hk.MethodInterceptor> Active => active ??= new();

    public static TOut Run<TIn, TOut>(Hk.Module module, string method, TIn inputs, Func<TIn, TOut> body)
    {
        var hooks = Active;
        if (hooks.Count == 0)
        {
            return body(inputs);
        }

        var context = new Hk.MethodContext(module, method);
        return Cast<TOut>(Next(0)(inputs), "result", context);

        Func<object?, object?> Next(int index) =>
            index < hooks.Count
                ? arguments => hooks[index](Next(index + 1), arguments, context)
                : arguments => body(Cast<TIn>(arguments, "arguments", context));
    }

    private static T Cast<T>(object? value, string what, Hk.MethodContext context) =>
        value is T typed ? typed
        : value is null && default(T) is null ? default!
        : throw new ModuleException(
            $"An interceptor of {context.Module.ModuleName}.{context.MethodName} must pass {what} of type {typeof(T)} on; "
                + $"got {value?.GetType().ToString() ?? "null"}."
        );
}
