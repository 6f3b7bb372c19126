using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Emits the code of a tile: a function of the address of a structure of arguments that holds sums of some rows of vectors in registers.
/// </summary>
internal abstract class TileEmitter
{
    private readonly DynamicMethod method;
    private readonly Type arguments;
    private readonly Dictionary<(string, int), MethodInfo> operations = [];

    /// <summary>Begins the code of a tile.</summary>
    /// <param name="name">What the name of the code begins with.</param>
    /// <param name="arguments">The structure of arguments.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="vectorBytes">The width of vectors.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="vectors">The number of vectors in a row.</param>
    protected TileEmitter(string name, Type arguments, DType type, int vectorBytes, int rows, int vectors)
    {
        this.arguments = arguments;
        (VectorBytes, Rows, Vectors) = (vectorBytes, rows, vectors);
        Element = type.ClrType;
        (Operations, var open) = vectorBytes switch
        {
            64 => (typeof(Vector512), typeof(Vector512<>)),
            32 => (typeof(Vector256), typeof(Vector256<>)),
            _ => (typeof(Vector128), typeof(Vector128<>)),
        };
        Vector = open.MakeGenericType(Element);
        method = new DynamicMethod(
            $"{name}_{type}_{rows}x{vectors * vectorBytes / type.Size}",
            null,
            [typeof(object), arguments.MakePointerType()],
            typeof(TileEmitter).Module,
            skipVisibility: true
        );
        Il = method.GetILGenerator();
    }

    protected ILGenerator Il { get; }

    protected Type Element { get; }

    protected Type Vector { get; }

    /// <summary>The class with the static operations on vectors.</summary>
    protected Type Operations { get; }

    protected int VectorBytes { get; }

    protected int Rows { get; }

    protected int Vectors { get; }

    /// <summary>Which of the three widths of vectors it is.</summary>
    public static int WidthNumber(int vectorBytes) =>
        vectorBytes == 64 ? 2
        : vectorBytes == 32 ? 1
        : 0;

    protected TCode Finish<TCode>()
        where TCode : Delegate
    {
        Il.Emit(OpCodes.Ret);

        // A delegate with a target is called directly; one without would move all arguments first.
        return method.CreateDelegate<TCode>(new object());
    }

    /// <summary>Sums, one for each row and vector.</summary>
    protected LocalBuilder[,] DeclareSums() => DeclareVectors(Rows);

    /// <summary>Some rows of vectors.</summary>
    protected LocalBuilder[,] DeclareVectors(int rows)
    {
        var vectors = new LocalBuilder[rows, Vectors];
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                vectors[r, v] = Il.DeclareLocal(Vector);
            }
        }

        return vectors;
    }

    protected void EmitZeros(LocalBuilder[,] sums)
    {
        foreach (var sum in sums)
        {
            Il.Emit(OpCodes.Call, Vector.GetProperty("Zero")!.GetMethod!);
            Il.Emit(OpCodes.Stloc, sum);
        }
    }

    // Two vectors on the stack, their product is added to a third.
    protected void EmitMultiplyAdd(LocalBuilder sum)
    {
        bool fused = Element == typeof(float) || Element == typeof(double);
        if (fused && (Fma.IsSupported || RuntimeInformation.ProcessArchitecture == Architecture.Arm64))
        {
            Il.Emit(OpCodes.Ldloc, sum);
            Il.Emit(OpCodes.Call, Operations.GetMethod("FusedMultiplyAdd", [Vector, Vector, Vector])!);
        }
        else
        {
            Il.Emit(OpCodes.Call, Generic("Multiply", Vector, Vector));
            Il.Emit(OpCodes.Ldloc, sum);
            Il.Emit(OpCodes.Call, Generic("Add", Vector, Vector));
        }

        Il.Emit(OpCodes.Stloc, sum);
    }

    /// <summary>Emits stores twice, of sums added to what is there and of sums alone, and the choice by a number.</summary>
    protected void EmitEither(LocalBuilder accumulate, Action<bool> emitStores)
    {
        var overwrite = Il.DefineLabel();
        var end = Il.DefineLabel();
        Il.Emit(OpCodes.Ldloc, accumulate);
        Il.Emit(OpCodes.Brfalse, overwrite);
        emitStores(true);
        Il.Emit(OpCodes.Br, end);
        Il.MarkLabel(overwrite);
        emitStores(false);
        Il.MarkLabel(end);
    }

    /// <summary>Emits a loop that counts a number of at least one down to zero.</summary>
    protected void Repeat(LocalBuilder counter, Action emit)
    {
        var start = Il.DefineLabel();
        Il.MarkLabel(start);
        emit();
        Add(counter, -1);
        EmitBranch(counter, OpCodes.Bgt, start);
    }

    /// <summary>Branches on the comparison of a counter with zero.</summary>
    protected void EmitBranch(LocalBuilder counter, OpCode comparison, Label label)
    {
        Il.Emit(OpCodes.Ldloc, counter);
        Il.Emit(OpCodes.Ldc_I4_0);
        Il.Emit(OpCodes.Conv_I);
        Il.Emit(comparison, label);
    }

    protected void Set(LocalBuilder local, int value)
    {
        Il.Emit(OpCodes.Ldc_I4, value);
        Il.Emit(OpCodes.Conv_I);
        Il.Emit(OpCodes.Stloc, local);
    }

    protected void Copy(LocalBuilder from, LocalBuilder to)
    {
        Il.Emit(OpCodes.Ldloc, from);
        Il.Emit(OpCodes.Stloc, to);
    }

    protected void Add(LocalBuilder local, int amount)
    {
        EmitAddress(local, amount);
        Il.Emit(OpCodes.Stloc, local);
    }

    protected void Add(LocalBuilder local, Action amount)
    {
        Il.Emit(OpCodes.Ldloc, local);
        amount();
        Il.Emit(OpCodes.Add);
        Il.Emit(OpCodes.Stloc, local);
    }

    protected LocalBuilder LoadArgument(string field)
    {
        var local = Il.DeclareLocal(typeof(nint));
        EmitArgument(field);
        Il.Emit(OpCodes.Stloc, local);
        return local;
    }

    protected void EmitArgument(string field)
    {
        Il.Emit(OpCodes.Ldarg_1);
        Il.Emit(OpCodes.Ldfld, arguments.GetField(field)!);
    }

    protected void EmitAddress(LocalBuilder pointer, int bytes)
    {
        Il.Emit(OpCodes.Ldloc, pointer);
        EmitOffset(bytes);
    }

    protected void EmitOffset(int bytes)
    {
        if (bytes != 0)
        {
            Il.Emit(OpCodes.Ldc_I4, bytes);
            Il.Emit(OpCodes.Conv_I);
            Il.Emit(OpCodes.Add);
        }
    }

    /// <summary>The operation of a name with so many parameters, of these types.</summary>
    protected MethodInfo Generic(string name, params Type[] parameters)
    {
        if (!operations.TryGetValue((name, parameters.Length), out var operation))
        {
            operation = Find(name, parameters);
            operations.Add((name, parameters.Length), operation);
        }

        return operation;
    }

    private MethodInfo Find(string name, Type[] parameters)
    {
        foreach (var candidate in Operations.GetMethods().Where(m => m.Name == name && m.IsGenericMethodDefinition))
        {
            if (candidate.GetGenericArguments().Length == 1)
            {
                var closed = candidate.MakeGenericMethod(Element);
                if (closed.GetParameters().Select(p => p.ParameterType).SequenceEqual(parameters))
                {
                    return closed;
                }
            }
        }

        throw new MissingMethodException(Operations.FullName, name);
    }
}
