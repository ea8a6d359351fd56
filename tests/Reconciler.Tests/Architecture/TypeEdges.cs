using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Reconciler.Tests.Architecture;

/// <summary>One type names another, in a signature, an attribute, or the body of a method. Both are outermost types, by full name.</summary>
internal sealed record TypeEdge(string From, string To);

/// <summary>Reads from an assembly which of its types names which other: everything the compiler left of a name, method bodies included.</summary>
/// <remarks>What it left nothing of cannot be seen: constants, which are copied in, and <c>nameof</c>.</remarks>
internal sealed class TypeEdges
{
    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly NamesInSignature _names = new();
    private readonly HashSet<TypeEdge> _edges = [];
    private readonly ImmutableArray<string> _ownTypes;

    private TypeEdges(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _ownTypes =
        [
            .. _metadata.TypeDefinitions.Select(_metadata.GetTypeDefinition)
                .Where(type => !type.Namespace.IsNil)
                .Select(type => $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}"),
        ];
    }

    /// <summary>All edges of an assembly.</summary>
    public static IReadOnlySet<TypeEdge> Of(Assembly assembly)
    {
        using var stream = File.OpenRead(assembly.Location);
        using var file = new PEReader(stream);
        var reader = new TypeEdges(file);
        foreach (var handle in reader._metadata.TypeDefinitions)
        {
            reader.Read(handle);
        }

        return reader._edges;
    }

    private void Read(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var from = _names.GetTypeFromDefinition(_metadata, handle, 0).Single();
        Note(from, Named(type.BaseType));
        Attributes(from, type.GetCustomAttributes());
        Generics(from, type.GetGenericParameters());
        foreach (var face in type.GetInterfaceImplementations())
        {
            Note(from, Named(_metadata.GetInterfaceImplementation(face).Interface));
        }

        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            Note(from, field.DecodeSignature(_names, null));
            Attributes(from, field.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            Attributes(from, property.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
        {
            Note(from, OfMethod(method.DecodeSignature(_names, null)));
            Attributes(from, method.GetCustomAttributes());
            Generics(from, method.GetGenericParameters());
            foreach (var parameter in method.GetParameters().Select(_metadata.GetParameter))
            {
                Attributes(from, parameter.GetCustomAttributes());
            }

            if (method.RelativeVirtualAddress != 0)
            {
                Body(from, _file.GetMethodBody(method.RelativeVirtualAddress));
            }
        }
    }

    private void Body(string from, MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            Note(from, _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(names => names));
        }

        foreach (var region in body.ExceptionRegions.Where(region => region.Kind == ExceptionRegionKind.Catch))
        {
            Note(from, Named(region.CatchType));
        }

        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            var first = code.ReadByte();
            var operation = OpCodeOf[first == 0xFE ? (short)((first << 8) | code.ReadByte()) : first];
            switch (operation.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    Note(from, Named(MetadataTokens.EntityHandle(code.ReadInt32())));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString or OperandType.ShortInlineR:
                    code.Offset += 4;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                default:
                    Assert(operation.OperandType == OperandType.InlineNone);
                    break;
            }
        }
    }

    private IEnumerable<string> Named(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeDefinition => _names.GetTypeFromDefinition(_metadata, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => _names.GetTypeFromReference(_metadata, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null),
        HandleKind.FieldDefinition => OfField(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle)),
        HandleKind.MethodDefinition => OfMethod(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle)),
        HandleKind.MemberReference => OfMember(_metadata.GetMemberReference((MemberReferenceHandle)handle)),
        HandleKind.MethodSpecification => OfGeneric(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    private IEnumerable<string> OfField(FieldDefinition field) => [.. Named(field.GetDeclaringType()), .. field.DecodeSignature(_names, null)];

    private IEnumerable<string> OfMethod(MethodDefinition method) => [.. Named(method.GetDeclaringType()), .. OfMethod(method.DecodeSignature(_names, null))];

    private IEnumerable<string> OfMember(MemberReference member) =>
    [
        .. Named(member.Parent),
        .. member.GetKind() == MemberReferenceKind.Method ? OfMethod(member.DecodeMethodSignature(_names, null)) : member.DecodeFieldSignature(_names, null),
    ];

    private IEnumerable<string> OfGeneric(MethodSpecification method) =>
        [.. Named(method.Method), .. method.DecodeSignature(_names, null).SelectMany(names => names)];

    private static IEnumerable<string> OfMethod(MethodSignature<ImmutableArray<string>> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(names => names)];

    private void Generics(string from, GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(handle => _metadata.GetGenericParameter(handle).GetConstraints()))
        {
            Note(from, Named(_metadata.GetGenericParameterConstraint(constraint).Type));
        }
    }

    private void Attributes(string from, CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(_metadata.GetCustomAttribute))
        {
            Note(from, Named(attribute.Constructor));

            // A type given to an attribute is written there as text: `Some.Room.Type, assembly`.
            var value = System.Text.Encoding.UTF8.GetString(_metadata.GetBlobBytes(attribute.Value));
            if (value.Contains('.', StringComparison.Ordinal))
            {
                Note(from, _ownTypes.Where(name => value.Contains(name, StringComparison.Ordinal)));
            }
        }
    }

    private void Note(string from, IEnumerable<string> names)
    {
        foreach (var to in names.Where(to => to != from))
        {
            _edges.Add(new TypeEdge(from, to));
        }
    }

    private static void Assert(bool holds)
    {
        if (!holds)
        {
            throw new BadImageFormatException("An instruction is not understood.");
        }
    }

    /// <summary>Gathers the names of all types within a signature.</summary>
    private sealed class NamesInSignature : ISignatureTypeProvider<ImmutableArray<string>, object?>
    {
        public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer
                ? GetTypeFromDefinition(reader, outer, rawTypeKind)
                : [FullName(reader, type.Namespace, type.Name)];
        }

        public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)
                : [FullName(reader, type.Namespace, type.Name)];
        }

        public ImmutableArray<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(names => names)];

        public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) =>
            [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(names => names)];

        public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) =>
            [.. modifier, .. unmodifiedType];

        public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        private static string FullName(MetadataReader reader, StringHandle space, StringHandle name) =>
            space.IsNil ? reader.GetString(name) : $"{reader.GetString(space)}.{reader.GetString(name)}";
    }
}
