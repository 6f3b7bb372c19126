namespace JaxSharp.Haiku;

/// <summary>Prints modules.</summary>
internal static class ModuleText
{
    public static string Of(Hk.Module module) => Names.OfType(module.GetType());
}
