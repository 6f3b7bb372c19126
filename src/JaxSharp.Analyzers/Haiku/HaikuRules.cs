using Microsoft.CodeAnalysis;

namespace JaxSharp.Analyzers.Haiku;

/// <summary>What the checks of Haiku modules report.</summary>
internal static class HaikuRules
{
    public static readonly DiagnosticDescriptor LostModule = Rule(
        "JXS1001",
        "A module made in a constructor must be kept",
        "The {0} made in the constructor of {1} is not kept, so it would be named as a module of the caller: keep it in a field or property, or make it in Setup()"
    );

    public static readonly DiagnosticDescriptor UseInConstructor = Rule(
        "JXS1002",
        "A constructor of a module cannot use names, parameters, state, keys or other modules",
        "{0} in the constructor of {1} runs before the module has a name: move it to Setup(), which runs once before the first call"
    );

    public static readonly DiagnosticDescriptor CapturedParameter = Rule(
        "JXS1003",
        "A field initialiser must not store modules that were passed in",
        "The initialiser of {0} stores the parameter {1}, so a module that the caller made would be named as one of this class: use the parameter itself in the methods, or assign the field in the body of a constructor"
    );

    public static readonly DiagnosticDescriptor MethodWithoutScope = Rule(
        "JXS1004",
        "A method that makes modules or parameters must say whose they are",
        "{0} {1} outside of Method(…): write => Method(inputs, inputs => …) for names below ~{2}, or mark the method [hk.Transparent] if they belong to the method that calls it"
    );

    public static readonly DiagnosticDescriptor RawTransformation = Rule(
        "JXS1005",
        "A transformation that knows nothing of Haiku cannot run modules",
        "The function given to {0}.{1} {2}, but {0}.{1} knows nothing of Haiku: {3}"
    );

    public static readonly DiagnosticDescriptor StaticModule = Rule(
        "JXS1006",
        "Modules cannot be static",
        "{0} is static, but a module belongs to one run of a transformed function: make it an instance field of a module, or in the function"
    );

    public static readonly DiagnosticDescriptor OtherThread = Rule(
        "JXS1007",
        "Modules stay on the thread of the transformed function",
        "{0} in {1} would leave the thread that runs the transformed function, where modules, parameters and keys are found: compute on arrays only, or call without it"
    );

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Haiku", DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
