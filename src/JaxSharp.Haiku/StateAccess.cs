using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A state of the module whose method runs: the value that was set last, or passed to <c>Apply</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The shape that the initialiser makes.</param>
    /// <param name="dtype">The element type that the initialiser makes, f32 by default.</param>
    /// <param name="init">Makes the first value where there is none.</param>
    /// <exception cref="ParameterException">There is neither a value nor an initialiser.</exception>
    public static NDArray GetState(string name, Shape? shape = null, DType? dtype = null, Initializer? init = null)
    {
        var run = HaikuContext.RequireAccess("Hk.GetState");
        var context = run.ContextOf(name, shape ?? Shape.Scalar, dtype ?? DType.F32, init);
        if (!run.State.TryGet(context.ModuleName, name, out object value))
        {
            if (init is null)
            {
                throw NoState(context.FullName);
            }

            value = ParameterHooks.Create(context, isState: true);
            if (!ReferenceEquals(value, DoNotStore))
            {
                run.State.Set(context.ModuleName, name, value);
            }
        }

        return value is NDArray array
            ? ParameterHooks.Get(array, context, isState: true)
            : throw OtherType(context, value);
    }

    /// <summary>A state that is a tree of arrays.</summary>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="init">Makes the first value where there is none.</param>
    /// <exception cref="ParameterException">There is neither a value nor an initialiser, or the value has another type.</exception>
    public static T GetState<T>(string name, Func<T>? init = null)
        where T : notnull
    {
        var run = HaikuContext.RequireAccess("Hk.GetState");
        string path = run.Path;
        if (!run.State.TryGet(path, name, out object value))
        {
            value = (init ?? throw NoState($"{path}/{name}"))();
            run.State.Set(path, name, value);
        }

        return value is T typed
            ? typed
            : throw new ParameterException(
                $"The state '{path}/{name}' is of type {value.GetType()}, but {typeof(T)} was asked for."
            );
    }

    /// <summary>Sets a state of the module whose method runs. The first value ever set is the one that <c>Init</c> returns.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">An array or a tree of arrays.</param>
    public static void SetState<T>(string name, T value)
        where T : notnull
    {
        var run = HaikuContext.RequireAccess("Hk.SetState");
        object stored = value;
        if (value is NDArray array)
        {
            var context = run.ContextOf(name, array.Shape, array.DType, null);
            stored = ParameterHooks.Set(array, context);
        }

        if (!ReferenceEquals(stored, DoNotStore))
        {
            run.State.Set(run.Path, name, stored);
        }
    }

    /// <summary>The parameters that the running function has so far.</summary>
    public static Params GetParams()
    {
        var result = new Params();
        foreach (var (path, group) in HaikuContext.Require("Hk.GetParams").Parameters)
        {
            result[path] = new(group);
        }

        return result;
    }

    /// <summary>The states of the running function as they were before it ran.</summary>
    public static State GetInitialState() => HaikuContext.Require("Hk.GetInitialState").State.Initial();

    /// <summary>The states of the running function as they are now.</summary>
    public static State GetCurrentState() => HaikuContext.Require("Hk.GetCurrentState").State.Current();

    /// <summary>Whether the running function is being initialised, so that parameters can be made.</summary>
    public static bool RunningInit() => HaikuContext.Require("Hk.RunningInit").IsInitialising;

    private static ParameterException NoState(string path) =>
        new($"The state '{path}' has no value and there is no initialiser to make one: pass init, or set it first.");

    private static ParameterException OtherType(ParamContext context, object value) =>
        new($"The state '{context.FullName}' is of type {value.GetType()}: read it by Hk.GetState<T>.");
}
