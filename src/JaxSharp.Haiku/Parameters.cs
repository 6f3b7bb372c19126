using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Makes the first value of a parameter or state.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="dtype">The element type.</param>
    public delegate NDArray Initializer(Shape shape, DType dtype);

    /// <summary>Makes a parameter or state in place of its initialiser; see <see cref="CustomCreator"/>.</summary>
    /// <param name="next">Calls the next creator, in the end the initialiser.</param>
    /// <param name="shape">The shape that was asked for.</param>
    /// <param name="dtype">The element type that was asked for.</param>
    /// <param name="init">The initialiser.</param>
    /// <param name="context">Where the parameter stands.</param>
    public delegate NDArray Creator(
        Func<Shape, DType, Initializer?, NDArray> next,
        Shape shape,
        DType dtype,
        Initializer? init,
        ParamContext context
    );

    /// <summary>Changes a value whenever it is read; see <see cref="CustomGetter"/>.</summary>
    public delegate NDArray Getter(Func<NDArray, NDArray> next, NDArray value, ParamContext context);

    /// <summary>Changes a state whenever it is written; see <see cref="CustomSetter"/>.</summary>
    public delegate NDArray Setter(Func<NDArray, NDArray> next, NDArray value, ParamContext context);

    /// <summary>Tells creators, getters and setters which value they handle.</summary>
    /// <param name="ModuleName">The path of the module.</param>
    /// <param name="Name">The name of the parameter or state.</param>
    /// <param name="OriginalShape">The shape that was asked for.</param>
    /// <param name="OriginalDType">The element type that was asked for.</param>
    /// <param name="OriginalInit">The initialiser that was given.</param>
    /// <param name="Module">The module; null outside of modules.</param>
    /// <param name="LiftedPrefixName">
    /// What stands before the path in the parameters of the outermost function while <c>Lift</c> and the like initialise: empty, or a
    /// path that ends with a slash. Null otherwise.
    /// </param>
    public sealed record ParamContext(
        string ModuleName,
        string Name,
        Shape OriginalShape,
        DType OriginalDType,
        Initializer? OriginalInit,
        Module? Module,
        string? LiftedPrefixName = null
    )
    {
        /// <summary>The path of the module and the name.</summary>
        public string FullName => $"{ModuleName}/{Name}";
    }

    /// <summary>
    /// What a creator returns to leave a parameter or state out of the stored ones, or a setter a state; getters then see it as the value.
    /// </summary>
    public static NDArray DoNotStore { get; } = Jnp.Array(new float[] { 0 });

    /// <summary>
    /// A parameter of the module whose method runs. <c>Init</c> makes it; afterwards the one that was passed to <c>Apply</c> comes back.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="dtype">The element type, f32 by default. A parameter of another type that was passed in is taken as it is.</param>
    /// <param name="init">Makes the first value.</param>
    /// <exception cref="ParameterException">
    /// The parameter was not passed to <c>Apply</c>, has another shape, or there is no initialiser.
    /// </exception>
    /// <example><code>NDArray w = hk.GetParameter("w", (784, 10), init: hk.Initializers.TruncatedNormal());</code></example>
    public static NDArray GetParameter(string name, Shape shape, DType? dtype = null, Initializer? init = null)
    {
        var run = HaikuContext.RequireAccess("Hk.GetParameter");
        var element = dtype ?? DType.F32;
        var context = run.ContextOf(name, shape, element, init);
        if (!run.Parameters.TryGetValue(context.ModuleName, out var group) || !group.TryGetValue(name, out var value))
        {
            value = CreateParameter(run, context);
        }

        value = ParameterHooks.Get(value, context, isState: false);
        return ReferenceEquals(value, DoNotStore) || value.Shape == shape
            ? value
            : throw new ParameterException(
                $"The parameter '{context.FullName}' is {value.Type}, but {element.Name}[{string.Join(",", shape)}] was asked for. "
                    + "Its shape depends on the inputs at Init; use the same inputs' shapes, or initialise again."
            );
    }

    private static NDArray CreateParameter(HaikuContext run, ParamContext context)
    {
        try
        {
            var value = ParameterHooks.Create(context, isState: false);
            if (!ReferenceEquals(value, DoNotStore))
            {
                if (!run.IsInitialising)
                {
                    throw Missing(context);
                }

                run.Parameters.TryAdd(context.ModuleName, []);
                run.Parameters[context.ModuleName][context.Name] = value;
            }

            return value;
        }
        catch (MissingRNGException) when (!run.IsInitialising)
        {
            throw Missing(context);
        }
    }

    private static ParameterException Missing(ParamContext context) =>
        new(
            $"The parameter '{context.Name}' of module '{context.ModuleName}' was not passed to Apply. All parameters must be made by "
                + "Init: pass what Init returned, and check that both run the same modules."
        );
}
