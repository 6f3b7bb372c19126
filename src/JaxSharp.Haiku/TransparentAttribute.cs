using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Marks a method of a module that does not run through <see cref="Module.Method{TIn, TOut}"/> on purpose: the modules and parameters
    /// that it makes belong to the method that calls it. It changes nothing; the build-time checks ask for it.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TransparentAttribute : Attribute;
}
