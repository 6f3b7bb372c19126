namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>The updates divided by their norm.</summary>
        public static GradientTransformation Normalize() => new Normalize();
    }
}

internal sealed class Normalize : StatelessTransformation
{
    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default
    {
        var norm = Optax.GlobalNorm(updates);
        return Tree.Map(g => g / norm, updates);
    }
}
